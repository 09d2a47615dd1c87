#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include "multicast/topic_id.h"

namespace phyllo::regions {

/// Which topics move the most bytes, in memory that does not grow with the number of topics: the
/// Space-Saving sketch (Metwally, Agrawal and El Abbadi 2005). A topic that moved more than all
/// bytes ÷ capacity is always among those kept.
class BusiestTopics {
 public:
  struct Entry {
    multicast::TopicId topic;
    std::uint64_t bytes = 0;   ///< never less than the topic moved
    std::uint64_t excess = 0;  ///< by how much `bytes` may be too many
    bool operator==(const Entry&) const = default;
  };

  /// `capacity` > 0 topics are kept.
  explicit BusiestTopics(std::size_t capacity) : capacity_(capacity) {}

  void add(const multicast::TopicId& topic, std::uint64_t bytes);
  /// The busiest first, those alike by id.
  std::vector<Entry> list() const;

 private:
  struct Count {
    std::uint64_t bytes;
    std::uint64_t excess;
  };
  std::size_t capacity_;
  std::map<multicast::TopicId, Count> counts_;
};

}  // namespace phyllo::regions
