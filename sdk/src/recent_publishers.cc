#include "sdk/src/recent_publishers.h"

#include <utility>

namespace phyllo::internal {

PublisherMark* RecentPublishers::find(std::uint64_t publisher) {
  if (many_) return many_->find(publisher);
  for (auto& [known, mark] : few_) {
    if (known == publisher) return &mark;
  }
  return nullptr;
}

void RecentPublishers::insert(std::uint64_t publisher, PublisherMark mark) {
  if (many_) return many_->insert(publisher, mark);
  if (PublisherMark* known = find(publisher)) {
    *known = mark;
    return;
  }
  few_.emplace_back(publisher, mark);
  if (few_.size() <= kFew) return;
  Generations& many = many_.get_or_make();
  for (const auto& [known, its] : std::exchange(few_, {})) many.insert(known, its);
}

PublisherMark* RecentPublishers::Generations::find(std::uint64_t publisher) {
  if (const auto found = young.find(publisher); found != young.end()) return &found->second;
  const auto found = old.find(publisher);
  if (found == old.end()) return nullptr;
  const PublisherMark mark = found->second;
  old.erase(found);
  insert(publisher, mark);
  return &young.find(publisher)->second;
}

void RecentPublishers::Generations::insert(std::uint64_t publisher, PublisherMark mark) {
  if (young.size() >= kGeneration && !young.contains(publisher)) old = std::exchange(young, {});
  young[publisher] = mark;
}

}  // namespace phyllo::internal
