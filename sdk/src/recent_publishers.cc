#include "sdk/src/recent_publishers.h"

#include <utility>

namespace phyllo::internal {

PublisherMark* RecentPublishers::find(std::uint64_t publisher) {
  if (const auto found = young_.find(publisher); found != young_.end()) return &found->second;
  const auto found = old_.find(publisher);
  if (found == old_.end()) return nullptr;
  const PublisherMark mark = found->second;
  old_.erase(found);
  insert(publisher, mark);
  return &young_.find(publisher)->second;
}

void RecentPublishers::insert(std::uint64_t publisher, PublisherMark mark) {
  if (young_.size() >= kGeneration && !young_.contains(publisher)) {
    old_ = std::exchange(young_, {});
  }
  young_[publisher] = mark;
}

}  // namespace phyllo::internal
