#pragma once

#include <vector>

#include "multicast/dissemination.h"
#include "multicast/forest_state.h"
#include "multicast/roots.h"
#include "multicast/turn.h"

namespace phyllo::multicast {

/// Looking for a parent: grafts, their answers, and what is tried when the answer is no.
class Search {
 public:
  Search(ForestState& state, Dissemination& dissemination, Roots& roots)
      : state_(state), dissemination_(dissemination), roots_(roots) {}

  /// Grafts a tree without a parent toward its key, or takes its root.
  void graft(Turn& turn, Tree& tree);
  /// The parent is gone, or no parent any more. What it still sends is welcome when `last_words`.
  enum class Farewell { kSilent, kLastWords };
  void lose_parent(Turn& turn, Tree& tree, Farewell farewell,
                   std::vector<Alternative> candidates = {});
  void on_standing(Turn& turn, const overlay::Contact& from, const Standing& standing);
  void on_dismiss(Turn& turn, const overlay::Contact& from, const Dismiss& dismiss);
  /// No answer came in time.
  void overdue(Turn& turn, Tree& tree);

 private:
  void accept(Turn& turn, Tree& tree, const overlay::Contact& from, const Standing& standing);
  void update(Turn& turn, Tree& tree, const Standing& standing, Gap::Why why);
  bool overlaps(const Tree& tree, const overlay::Contact& from, const Standing& standing) const;
  void refused(Turn& turn, Tree& tree, const overlay::Contact& by, const Dismiss& dismiss);
  void give_up_for_now(Turn& turn, Tree& tree);
  void send(Turn& turn, Tree& tree);
  void wait(Turn& turn, Tree& tree, Duration delay);
  Duration back_off(const Seeking& search);
  bool loops(const Standing& standing) const;

  ForestState& state_;
  Dissemination& dissemination_;
  Roots& roots_;
};

}  // namespace phyllo::multicast
