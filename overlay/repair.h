#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "overlay/prober.h"
#include "overlay/view.h"

namespace phyllo::overlay {

/// Finds the nodes next to this one when its leaf set does not lead to them: a side is empty, or
/// somebody of another ring was met. Asks the closest known node on each side for those it knows
/// closer still, until nobody is (Castro, Druschel, Kermarrec, Rowstron, IPTPS 2003: about
/// log N questions). Whoever belongs into the leaf set is probed, and gets in by its own answer.
class Repair {
 public:
  Repair(View& view, Prober& prober) : view_(view), prober_(prober) {}

  /// Searches from everybody known; while it runs it only begins anew.
  void start(Turn& turn);
  /// Searches from this stranger as well.
  void start_from(Turn& turn, const Contact& stranger);
  bool answered(Turn& turn, const Contact& from, const Answer& answer);
  void peer_lost(Turn& turn, NodeId peer);
  bool running() const { return running_; }

  void tick(Turn& turn);
  Time next_tick() const;

 private:
  enum class Asked { kNot, kOpen, kAnswered };
  struct Candidate {
    Contact contact;
    Asked asked = Asked::kNot;
    std::uint64_t nonce = 0;
    Time deadline = kNever;
  };

  void add(const Contact& contact);
  void ask(Turn& turn, Candidate& candidate);
  void step(Turn& turn);
  Candidate* nearest(LeafSet::Side side);

  View& view_;
  Prober& prober_;
  bool running_ = false;
  int questions_ = 0;
  std::map<NodeId, Candidate> candidates_;
};

/// The answer to AskClosest: up to `count` of `known`, half of them the nearest on each side of
/// `to`.
std::vector<Contact> closest_around(NodeId to, std::vector<Contact> known, std::size_t count);

}  // namespace phyllo::overlay
