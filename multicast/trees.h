#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "base/hash_index.h"
#include "multicast/resting_tree.h"
#include "multicast/tree.h"

namespace phyllo::multicast {

/// All trees of a forest. Most of very many have nothing going on: they are put to rest, in little
/// room, and awake when somebody asks for them. The address of a tree holds until the next call of
/// `rest`. Nobody can tell whether a tree rested: when which one does may be a table's affair.
class Trees {
 public:
  /// `self` is the root of all that rest; `secret`, see HashIndex.
  Trees(overlay::NodeId self, std::uint64_t secret)
      : self_(self), awake_(secret), resting_(secret) {}
  ~Trees();
  Trees(const Trees&) = delete;
  Trees& operator=(const Trees&) = delete;

  std::size_t size() const { return awake_.size() + resting_.size(); }
  std::size_t resting() const { return resting_.size(); }
  /// Awakens it; nullptr when there is none.
  Tree* find(const TopicId& topic);
  /// There must be none of that name.
  Tree& add(const TopicName& name, const TopicId& id);
  void erase(const TopicId& topic);

  const Tree* find_awake(const TopicId& topic) const { return awake_.find(topic); }
  const RestingTree* find_resting(const TopicId& topic) const { return resting_.find(topic); }
  /// In no order.
  template <class Do>
  void for_each_awake(Do&& one) const {
    awake_.for_each([&](const Tree& tree) { one(tree); });
  }
  /// Awakens those that rest and for which that holds.
  template <class Condition>
  void awaken_if(Condition condition) {
    for (const RestingTree* tree : resting_.all()) {
      if (condition(tree->id())) find(tree->id());
    }
  }

  /// Puts to rest what may: of the trees that were added or awoke since the last call, and of a few
  /// others, so that everybody has a turn.
  template <class Condition>
  void rest(Condition may_rest) {
    for (const TopicId& topic : take_candidates()) {
      if (may_rest(topic)) put_to_rest(topic);
    }
  }

 private:
  struct ById {
    static const TopicId& key(const Tree& tree) { return tree.id(); }
    static const TopicId& key(const RestingTree& tree) { return tree.id(); }
    static std::uint64_t number(const TopicId& topic) { return topic.number(); }
  };

  std::vector<TopicId> take_candidates();
  void put_to_rest(const TopicId& topic);

  Tree& awaken(std::unique_ptr<Tree> tree);

  overlay::NodeId self_;
  HashIndex<Tree, ById> awake_;           ///< its own
  HashIndex<RestingTree, ById> resting_;  ///< its own
  std::vector<TopicId> stirred_;          ///< added or awoken lately
  std::size_t turn_ = 0;                  ///< a place of `awake_`
};

}  // namespace phyllo::multicast
