#include "multicast/trees.h"

#include <utility>

namespace phyllo::multicast {

Trees::~Trees() {
  for (RestingTree* tree : resting_.all()) RestingTree::Delete()(tree);
}

Tree* Trees::find(const TopicId& topic) {
  if (const auto found = awake_.find(topic); found != awake_.end()) return &found->second;
  const RestingTree::Pointer resting(resting_.remove(topic));
  if (resting == nullptr) return nullptr;
  stirred_.push_back(topic);
  return &awake_.emplace(topic, resting->awaken(self_)).first->second;
}

Tree& Trees::add(const TopicName& name, const TopicId& id) {
  stirred_.push_back(id);
  return awake_.emplace(id, Tree(name, id)).first->second;
}

void Trees::erase(const TopicId& topic) {
  if (awake_.erase(topic) == 0) const RestingTree::Pointer gone(resting_.remove(topic));
}

const Tree* Trees::find_awake(const TopicId& topic) const {
  const auto found = awake_.find(topic);
  return found == awake_.end() ? nullptr : &found->second;
}

std::vector<TopicId> Trees::take_candidates() {
  std::vector<TopicId> candidates = std::exchange(stirred_, {});
  turn_ = (turn_ + 1) % awake_.bucket_count();
  for (auto tree = awake_.begin(turn_); tree != awake_.end(turn_); ++tree) {
    candidates.push_back(tree->first);
  }
  return candidates;
}

void Trees::put_to_rest(const TopicId& topic) {
  const auto found = awake_.find(topic);
  if (found == awake_.end()) return;
  RestingTree::Pointer resting = RestingTree::of(found->second);
  if (resting == nullptr) return;
  awake_.erase(found);
  resting_.insert(*resting.release());
}

}  // namespace phyllo::multicast
