#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>

namespace phyllo::internal {

/// What a subscription remembers of one publisher.
struct PublisherMark {
  std::uint64_t last = 0;    ///< highest number received or reported as missing
  std::uint32_t stream = 0;  ///< tag of the stream of its last message
  std::uint64_t lost = 0;    ///< of that stream's numbers, told until then
};

/// The publishers a subscription heard of lately, at most 2 × `kGeneration`: when the younger
/// generation is full it becomes the older one and the older one is forgotten. Not thread-safe.
class RecentPublishers {
 public:
  static constexpr std::size_t kGeneration = 2048;

  /// The publisher's mark, valid until the next call; nullptr when it is not (or no longer) known.
  PublisherMark* find(std::uint64_t publisher);
  void insert(std::uint64_t publisher, PublisherMark mark);
  std::size_t size() const { return young_.size() + old_.size(); }

 private:
  using Marks = std::unordered_map<std::uint64_t, PublisherMark>;
  Marks young_;
  Marks old_;
};

}  // namespace phyllo::internal
