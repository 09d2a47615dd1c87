#pragma once

#include "multicast/dissemination.h"
#include "multicast/forest_state.h"
#include "multicast/messages.h"
#include "multicast/search.h"
#include "multicast/turn.h"

namespace phyllo::multicast {

/// A root that leaves, and its heir. Make before break: the root names its heir, which grafts to
/// it; then it sends its other children there, and numbers on until they have gone; the end of the
/// stream follows the last message on the same link, so that the heir has everything when it begins
/// its own. Publications never wait for more than that one message.
class Succession {
 public:
  Succession(ForestState& state, Dissemination& dissemination, Search& search)
      : state_(state), dissemination_(dissemination), search_(search) {}

  // --- at the root ---

  /// Names an heir. False when there is nobody else. The tree may be gone afterwards.
  bool begin(Turn& turn, Tree& tree);
  /// Whether the root still takes this node as a child: its heir in any case.
  bool admits(const Tree& tree, overlay::NodeId from) const;
  /// A child proved that it is one; the heir is expected to.
  void on_confirmed(Turn& turn, Tree& tree, overlay::NodeId child);
  /// Hands over if nobody but the heir is left; true: the tree is gone.
  bool child_gone(Turn& turn, Tree& tree);
  /// The heir leaves, too. False when the message is about something else.
  bool refused(Turn& turn, const overlay::Contact& by, const Dismiss& dismiss);
  void peer_lost(Turn& turn, overlay::NodeId peer);
  /// A node that is closer to a key than this one waits for no heir's convenience.
  void leaf_set_changed(Turn& turn);
  /// Hands everything over as it is.
  void end_all(Turn& turn);

  // --- at the heir ---

  void on_announced(Turn& turn, const overlay::Contact& from, const HandOver& hand_over);

 private:
  std::optional<overlay::Contact> choose(const Tree& tree) const;
  void announce(Turn& turn, Tree& tree);
  /// Names another heir than this one, if there is anybody.
  void pass_over(Turn& turn, Tree& tree, overlay::NodeId heir);
  void send_away(Turn& turn, Tree& tree);
  void end(Turn& turn, Tree& tree);

  ForestState& state_;
  Dissemination& dissemination_;
  Search& search_;
};

}  // namespace phyllo::multicast
