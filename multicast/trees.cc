#include "multicast/trees.h"

#include <utility>

namespace phyllo::multicast {

Trees::~Trees() {
  awake_.for_each([](Tree& tree) { delete &tree; });
  resting_.for_each([](RestingTree& tree) { RestingTree::Delete()(&tree); });
}

Tree* Trees::find(const TopicId& topic) {
  if (Tree* tree = awake_.find(topic)) return tree;
  const RestingTree::Pointer resting(resting_.remove(topic));
  if (resting == nullptr) return nullptr;
  return &awaken(std::make_unique<Tree>(resting->awaken(self_)));
}

Tree& Trees::add(const TopicName& name, const TopicId& id) {
  return awaken(std::make_unique<Tree>(name, id));
}

Tree& Trees::awaken(std::unique_ptr<Tree> tree) {
  stirred_.push_back(tree->id());
  awake_.insert(*tree);
  return *tree.release();
}

void Trees::erase(const TopicId& topic) {
  const std::unique_ptr<Tree> awake(awake_.remove(topic));
  if (awake == nullptr) const RestingTree::Pointer gone(resting_.remove(topic));
}

std::vector<TopicId> Trees::take_candidates() {
  std::vector<TopicId> candidates = std::exchange(stirred_, {});
  if (awake_.size() == 0) return candidates;
  turn_ = (turn_ + 1) % awake_.places();
  if (const Tree* tree = awake_.at(turn_)) candidates.push_back(tree->id());
  return candidates;
}

void Trees::put_to_rest(const TopicId& topic) {
  const Tree* const tree = awake_.find(topic);
  if (tree == nullptr) return;
  RestingTree::Pointer resting = RestingTree::of(*tree);
  if (resting == nullptr) return;
  const std::unique_ptr<Tree> gone(awake_.remove(topic));
  resting_.insert(*resting.release());
}

}  // namespace phyllo::multicast
