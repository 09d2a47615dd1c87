#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "overlay/known_place.h"

namespace phyllo::overlay {

/// A place as it comes over the wire.
struct PlaceText {
  std::string_view region;
  std::string_view local;
  std::string_view wan;

  /// kMalformed for an overlong region, text that is not UTF-8, or an endpoint that is not one. An
  /// endpoint may be missing: it becomes the empty one.
  Result<Place> parse() const;
};

/// The places that messages named lately, each once: a node hears of the same peers again and
/// again, and need neither parse nor keep their endpoints each time. Bounded: when it is full it
/// drops what nobody else holds, or else everything; that costs memory and nothing else. Not
/// thread-safe.
class Places {
 public:
  static constexpr std::size_t kUsualLimit = 4096;

  using Known = std::shared_ptr<const KnownPlace>;

  explicit Places(std::size_t limit = kUsualLimit) : limit_(limit) {}

  /// The same place for the same text; errors as `PlaceText::parse`.
  Result<Known> of(const PlaceText& text);
  /// By its bytes; nullptr when it is not known.
  Known find(std::string_view wire) const;
  std::size_t size() const { return size_; }

 private:
  struct Slot {
    std::uint64_t hash = 0;
    Known place;  // nullptr: free
  };

  /// Where a place with these bytes stands, or would stand.
  std::size_t slot_of(std::uint64_t hash, std::string_view wire) const;
  void make_room();
  /// With room for `count`; only those `keep` chooses stay.
  template <class Keep>
  void rebuild(std::size_t count, Keep&& keep);

  std::size_t limit_;
  std::size_t size_ = 0;
  std::vector<Slot> slots_;  // by hash, at most half of them taken; empty or a power of two
};

}  // namespace phyllo::overlay
