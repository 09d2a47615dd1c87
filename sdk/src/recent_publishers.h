#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/boxed.h"

namespace phyllo::internal {

/// What a subscription remembers of one publisher.
struct PublisherMark {
  std::uint64_t last = 0;    ///< highest number received or reported as missing
  std::uint32_t stream = 0;  ///< tag of the stream of its last message
  std::uint64_t lost = 0;    ///< of that stream's numbers, told until then
};

/// The publishers a subscription heard of lately, at most 2 × `kGeneration`: when the younger
/// generation is full it becomes the older one and the older one is forgotten. Most subscriptions
/// hear of few publishers, and there may be very many subscriptions: a few stand in one row. Not
/// thread-safe.
class RecentPublishers {
 public:
  static constexpr std::size_t kGeneration = 2048;

  /// The publisher's mark, valid until the next call; nullptr when it is not (or no longer) known.
  PublisherMark* find(std::uint64_t publisher);
  void insert(std::uint64_t publisher, PublisherMark mark);
  std::size_t size() const {
    return few_.size() + (many_ ? many_->young.size() + many_->old.size() : 0);
  }

 private:
  static constexpr std::size_t kFew = 8;
  using Marks = std::unordered_map<std::uint64_t, PublisherMark>;
  struct Generations {
    PublisherMark* find(std::uint64_t publisher);
    void insert(std::uint64_t publisher, PublisherMark mark);
    Marks young;
    Marks old;
  };
  std::vector<std::pair<std::uint64_t, PublisherMark>> few_;  ///< none once there were more
  Boxed<Generations> many_;
};

}  // namespace phyllo::internal
