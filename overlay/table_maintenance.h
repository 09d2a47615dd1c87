#pragma once

#include <cstdint>
#include <vector>

#include "overlay/prober.h"
#include "overlay/self_tuning.h"
#include "overlay/view.h"

namespace phyllo::overlay {

/// Keeps the routing table full, near and alive: measures candidates and keeps the nearest for each
/// slot, tells those who may want this node in theirs, probes entries that are silent for a
/// self-tuned while, exchanges rows now and then, and asks about a hole when a message met it.
class TableMaintenance {
 public:
  TableMaintenance(View& view, Prober& prober) : view_(view), prober_(prober), failures_(Time()) {}

  void start(Turn& turn);
  /// Somebody said that this node exists: measure it if it might earn a slot, being no nearer than
  /// `at_least`.
  void consider(Turn& turn, const Contact& contact, Duration at_least = Duration::zero());
  /// This member spoke to us: it takes its slot if that is empty or it is the nearer one.
  void offer(const Contact& member);
  /// Tells somebody whom this node measured how near it is, if that may earn it a slot of theirs.
  void announce(Turn& turn, Peer& peer);
  /// The same to all who were measured before this node was active.
  void announce_all(Turn& turn);
  /// A message toward `key` found no entry and went to `via` instead.
  void hole_met(Turn& turn, Key key, const Contact& via);
  bool answered(Turn& turn, const Contact& from, const Answer& answer);
  /// A neighbour died. When a third of the leaf set does within one `silence`, the network is to
  /// blame: the whole table is probed once, and the failures do not count for tuning.
  enum class Failed { kLeaf, kEntry };
  void failed(Turn& turn, Failed what);

  void tick(Turn& turn);
  Time next_tick() const;

 private:
  void ask_row(Turn& turn, std::uint32_t row, const Contact& whom);
  void exchange_row(Turn& turn, int row);
  void probe_idle(Turn& turn, Duration longest_silence);
  Duration tuned_interval(Time now) const;

  View& view_;
  Prober& prober_;
  FailureRate failures_;
  std::vector<std::uint64_t> questions_;  // open ones, for rows
  Time sweep_at_ = kNever;
  Time exchange_at_ = kNever;
  Duration exchange_every_{};
  Time hole_repair_from_;
  Time massive_failure_until_;
};

}  // namespace phyllo::overlay
