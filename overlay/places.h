#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <unordered_set>

#include "base/result.h"
#include "overlay/contact.h"

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

  explicit Places(std::size_t limit = kUsualLimit) : limit_(limit) {}

  /// The same place for the same text; errors as `PlaceText::parse`.
  Result<std::shared_ptr<const Place>> of(const PlaceText& text);
  std::size_t size() const { return known_.size(); }

 private:
  using Known = std::shared_ptr<const Place>;
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(const PlaceText& text) const;
    std::size_t operator()(const Known& place) const;
  };
  struct Equal {
    using is_transparent = void;
    bool operator()(const Known& a, const Known& b) const { return *a == *b; }
    bool operator()(const PlaceText& a, const Known& b) const;
    bool operator()(const Known& a, const PlaceText& b) const { return (*this)(b, a); }
  };

  void make_room();

  std::size_t limit_;
  std::unordered_set<Known, Hash, Equal> known_;
};

}  // namespace phyllo::overlay
