#include "regions/busiest_topics.h"

#include <algorithm>

namespace phyllo::regions {

void BusiestTopics::add(const multicast::TopicId& topic, std::uint64_t bytes) {
  const auto known = counts_.find(topic);
  if (known != counts_.end()) {
    known->second.bytes += bytes;
    return;
  }
  std::uint64_t excess = 0;
  if (counts_.size() >= capacity_) {
    const auto least =
        std::ranges::min_element(counts_, {}, [](const auto& count) { return count.second.bytes; });
    excess = least->second.bytes;
    counts_.erase(least);
  }
  counts_.emplace(topic, Count{excess + bytes, excess});
}

std::vector<BusiestTopics::Entry> BusiestTopics::list() const {
  std::vector<Entry> entries;
  for (const auto& [topic, count] : counts_) entries.push_back({topic, count.bytes, count.excess});
  std::ranges::stable_sort(entries, std::greater<>{}, &Entry::bytes);
  return entries;
}

}  // namespace phyllo::regions
