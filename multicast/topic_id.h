#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/topic_name.h"
#include "overlay/id.h"

namespace phyllo::multicast {

/// The 128-bit hash of a topic's name (libsodium generic hash, BLAKE2b with 16 bytes out). Where
/// the topic's tree has its root: the node closest to `key()`.
class TopicId {
 public:
  static TopicId of(const TopicName& name);
  static std::optional<TopicId> from_bytes(std::string_view bytes);

  overlay::Key key() const { return key_; }
  /// Half of it: for tables that mix it with a secret (base/hash_index.h).
  std::uint64_t number() const { return static_cast<std::uint64_t>(key_.value()); }
  std::string hex() const { return key_.hex(); }
  std::string bytes() const { return key_.bytes(); }
  auto operator<=>(const TopicId&) const = default;

 private:
  explicit TopicId(overlay::Key key) : key_(key) {}
  overlay::Key key_;
};

}  // namespace phyllo::multicast

template <>
struct std::hash<phyllo::multicast::TopicId> {
  std::size_t operator()(const phyllo::multicast::TopicId& id) const noexcept {
    return std::hash<phyllo::overlay::Key>{}(id.key());
  }
};
