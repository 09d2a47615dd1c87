#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <set>
#include <utility>
#include <vector>

#include "base/random.h"
#include "multicast/deadlines.h"
#include "multicast/forest_config.h"
#include "multicast/forest_stats.h"
#include "multicast/holds.h"
#include "multicast/peers.h"
#include "multicast/trees.h"
#include "overlay/node.h"

namespace phyllo::multicast {

/// What the parts of a forest share. Keeps the trees and what is counted over all of them in step.
class ForestState {
 public:
  ForestState(ForestConfig forest_config, const overlay::Node& overlay_node, std::uint64_t seed,
              Admission admits);

  overlay::NodeId self() const { return node.self().id(); }
  /// Whether this node is the topic's root: by the overlay, or because the one that is leaves and
  /// has handed over to it. One that leaves is the root until it has handed over.
  bool is_root(Time now, const Tree& tree) const;
  /// The same of a topic that may have no tree here.
  bool is_root(Time now, const TopicId& topic) const;
  /// Who will be root when this node has left; nullopt when it is alone.
  std::optional<overlay::Contact> successor(const TopicId& topic) const;
  Attempt next_attempt();
  /// Prunes up to this one leave the graft under way, if any, alone.
  Attempt prunable(const TopicId& topic) const;
  std::uint32_t next_generation() { return ++generation_; }
  /// Stands for what this root takes without a tree: counted with its streams, so that it is later
  /// than those begun before and earlier than those that follow.
  StreamId no_stream();

  Tree* find(const TopicId& topic);
  /// The topics, in order, of the trees awake that `wanted` holds for: what is done to many trees
  /// is done in an order that no table decides.
  template <class Wanted>
  std::vector<TopicId> topics_where(Wanted&& wanted) const {
    std::vector<TopicId> topics;
    trees.for_each_awake([&](const Tree& tree) {
      if (wanted(tree)) topics.push_back(tree.id());
    });
    std::ranges::sort(topics);
    return topics;
  }
  /// Whether the topic may have a tree here; counted when it may not.
  bool admits(const TopicName& name);
  /// The tree, made when it is not there; nullptr when there are too many, or it is not admitted.
  Tree* find_or_make(const TopicName& name, const TopicId& id);
  void erase(const TopicId& topic);
  /// End of a call: nobody holds a tree's address any longer.
  void rest();

  // The way up of a tree and the edge to its parent change together.
  void seek(Tree& tree, Seeking seeking);
  void attach(Time now, Tree& tree, Attached attached);
  void take_root(Tree& tree, Rooted place);
  /// Ends the overlap, if there is one.
  std::optional<Overlap> take_overlap(Tree& tree);

  Child& adopt(Time now, Tree& tree, const overlay::Contact& contact, Attempt attempt,
               std::uint64_t subscribers);
  void drop_child(Tree& tree, overlay::NodeId id);
  /// The parent hears of the count with the next pulse.
  void count_changed(Tree& tree);
  /// Stamps a gap that was noticed here.
  Gap located(Gap gap) const;
  /// Of a region's forest: topics whose root, or whose number of subscribers at the root, may have
  /// changed since the last time.
  std::set<TopicId> take_news() { return std::exchange(news_, {}); }

  /// How long a new root waits for the rest of the tree to find it.
  Duration settling() const { return 2 * config.heartbeat; }

  const ForestConfig config;
  const overlay::Node& node;
  Random random;
  ForestStats stats;
  Trees trees;
  std::size_t rooted = 0;  ///< of them, those whose root is here
  Peers peers;
  Deadlines<TopicId> searches;  ///< when a graft under way is tried again
  Holds holds;                  ///< topics whose publishers wait a moment
  std::size_t children = 0;     ///< entries of all trees
  std::size_t held_bytes = 0;   ///< put aside in all trees' overlaps
  std::set<std::pair<std::size_t, TopicId>>
      load;                    ///< number of children of each tree that has some
  std::size_t subscribed = 0;  ///< trees with local subscribers
  Time settled{};              ///< until then a publication may precede the tree it is for
  bool leaving = false;

 private:
  void note(Tree& tree);
  void leave_place(Tree& tree);
  void stop_searching(const Tree& tree);
  void count_children(const TopicId& topic, std::size_t before, std::size_t after);

  const Admission admits_;
  // Both count from a random number on. A node that left, and came back when nobody remembered it,
  // is in the same incarnation again: what it numbers now must not be taken for what it numbered
  // then.
  Attempt attempt_;
  std::uint32_t generation_;
  std::set<TopicId> news_;
  std::uint32_t no_stream_;  ///< the generation given out last for none
};

}  // namespace phyllo::multicast
