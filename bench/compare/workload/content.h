#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace phyllo::bench {

/// What the first bytes of every message say.
struct Stamp {
  std::uint32_t topic = 0;
  std::uint32_t number = 0;     ///< counts the topic's messages from 0
  std::int64_t planned_at = 0;  ///< nanoseconds of the steady clock; 0 where nothing was planned
};
inline constexpr std::size_t kStampBytes = 16;
static_assert(sizeof(Stamp) == kStampBytes);

/// The number of a message that only finds out whether the way is open.
inline constexpr std::uint32_t kWarmUp = 0xffff'ffff;

/// Messages of one size: a stamp, then bytes that follow from it. Not thread-safe.
class Content {
 public:
  /// `size` is at least that of a stamp.
  explicit Content(std::size_t size);

  /// Valid until the next call.
  std::string_view make(const Stamp& stamp);
  /// The stamp of an arrived message; nothing when it is not, to the last byte, as it was made.
  std::optional<Stamp> read(std::string_view message) const;

 private:
  std::string_view body_of(const Stamp& stamp) const;

  std::string pattern_;
  std::string message_;
};

}  // namespace phyllo::bench
