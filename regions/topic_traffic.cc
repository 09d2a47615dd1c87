#include "regions/topic_traffic.h"

namespace phyllo::regions {

void TopicTraffic::add(const std::string& to, const multicast::TopicId& topic,
                       std::uint64_t bytes) {
  auto found = regions_.find(to);
  if (found == regions_.end()) {
    if (regions_.size() == kRegions) return;
    found = regions_.emplace(to, BusiestTopics(kTopics)).first;
  }
  found->second.add(topic, bytes);
}

std::vector<TopicTraffic::Entry> TopicTraffic::list() const {
  std::vector<Entry> entries;
  for (const auto& [to, topics] : regions_) {
    for (const BusiestTopics::Entry& topic : topics.list()) entries.push_back({to, topic});
  }
  return entries;
}

}  // namespace phyllo::regions
