#pragma once

#include <vector>

#include "multicast/dissemination.h"
#include "multicast/forest_state.h"
#include "multicast/roots.h"
#include "multicast/search.h"
#include "multicast/succession.h"
#include "multicast/turn.h"

namespace phyllo::multicast {

/// Who is in the trees: local subscribers and children come and go, roots move.
class Membership {
 public:
  Membership(ForestState& state, Dissemination& dissemination, Roots& roots, Search& search,
             Succession& succession)
      : state_(state),
        dissemination_(dissemination),
        roots_(roots),
        search_(search),
        succession_(succession) {}

  Outcome set_local_subscribers(Turn& turn, const TopicName& topic, std::uint64_t count);
  Outcome raise_local_subscribers(Turn& turn, const TopicName& topic, const TopicId& id,
                                  std::uint64_t count);
  void lower_local_subscribers(Turn& turn, const TopicId& topic, std::uint64_t left);

  /// `kRouted`: on its way to the key; `kDirect`: sent to this very node.
  enum class Way { kRouted, kDirect };
  void on_graft(Turn& turn, const overlay::Contact& from, const Graft& graft, Way way);
  void on_hand_over(Turn& turn, const overlay::Contact& from, const HandOver& hand_over);
  void on_prune(Turn& turn, const overlay::Contact& from, const Prune& prune);

  void peer_lost(Turn& turn, overlay::NodeId peer);
  void leaf_set_changed(Turn& turn);
  /// The time of the tree's deadline has come.
  void due(Turn& turn, const TopicId& topic);
  /// The edges of this topic to this peer are gone.
  void drop_child(Turn& turn, const TopicId& topic, overlay::NodeId child);
  void leave(Turn& turn);
  /// A tree's turn to look whether this node should be in it at all.
  void collapse(Turn& turn, Tree& tree);

 private:
  /// An old root that brings a whole tree along is not sent away again: everybody else hangs on it.
  enum class Newcomer { kAny, kOldRoot };
  void adopt(Turn& turn, Tree& tree, const overlay::Contact& from, Attempt attempt,
             std::uint64_t subscribers, Newcomer newcomer);
  void shed(Turn& turn, const TopicId& topic, overlay::NodeId newcomer, Newcomer kind);
  void dismiss(Turn& turn, Tree& tree, overlay::NodeId child,
               std::vector<Alternative> alternatives);
  void remove_unless_needed(Turn& turn, Tree& tree);
  void review(Turn& turn, Tree& tree);
  void leave(Turn& turn, Tree& tree);
  std::vector<Alternative> way_up(const Tree& tree) const;

  ForestState& state_;
  Dissemination& dissemination_;
  Roots& roots_;
  Search& search_;
  Succession& succession_;
  bool was_active_ = false;
};

}  // namespace phyllo::multicast
