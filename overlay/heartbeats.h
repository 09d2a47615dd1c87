#pragma once

#include <algorithm>

#include "overlay/prober.h"
#include "overlay/view.h"

namespace phyllo::overlay {

/// Who watches whom: each node sends a heartbeat to its left neighbour unless it sent it anything
/// else lately, and probes its right neighbour when that was silent for too long. The left
/// neighbour has no duty to speak; it is probed after three times that silence, in case nobody
/// watches it. Over a border it is greeted before that, which costs a tenth of a probe. One random
/// leaf is asked for its leaf set now and then, so that what got lost between two nodes is mended;
/// after many deaths at once the outermost ones are asked soon, for they know best who else belongs
/// there.
class Heartbeats {
 public:
  Heartbeats(View& view, Prober& prober) : view_(view), prober_(prober) {}

  void start(Turn& turn);
  void tick(Turn& turn);
  /// Many leaves died: what the others said of the outermost places may have been out of date.
  void doubt_edges(Turn& turn);
  Time next_tick() const { return std::min(next_, right_due()); }

 private:
  void beat(Turn& turn);
  void watch(Turn& turn, LeafSet::Side side, Duration silence);
  void greet_left(Turn& turn);
  void ask_edges(Turn& turn);
  /// Whose leaf set is looked at this time. Where this node's ring joins those of regions, mostly
  /// that of a leaf of the own region: what crosses borders costs money, and the leaf sets of
  /// neighbours are nearly the same.
  Contact partner(const std::vector<Contact>& members);
  /// When the right neighbour will have been silent for too long; kNever while it is asked already.
  Time right_due() const;

  View& view_;
  Prober& prober_;
  Time next_ = kNever;
  Time exchange_at_ = kNever;
  Time ask_edges_at_ = kNever;
  int edges_to_ask_ = 0;  // times
};

}  // namespace phyllo::overlay
