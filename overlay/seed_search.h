#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "overlay/prober.h"
#include "overlay/view.h"

namespace phyllo::overlay {

/// Finds a nearby member to join through (Castro, Druschel, Hu, Rowstron 2002): from the leaf set
/// of any member to the nearest of it, then up the rows of the nearest node's table, row by row,
/// until the top row holds nobody nearer.
class SeedSearch {
 public:
  SeedSearch(View& view, Prober& prober, Contact start)
      : view_(view), prober_(prober), best_(start) {}

  void start(Turn& turn);
  /// An answer to a question of this search; others are not its business (false).
  bool answered(Turn& turn, const Contact& from, const Answer& answer);
  void tick(Turn& turn);
  Time next_tick() const { return deadline_; }

  bool done() const { return stage_ == Stage::kDone; }
  /// The search's first node said nothing, or is not in a ring itself.
  bool failed() const { return stage_ == Stage::kFailed; }
  const Contact& nearest() const { return best_; }

 private:
  enum class Stage { kAsking, kMeasuring, kDone, kFailed };

  void ask(Turn& turn);
  /// Of those in the answer who may be nearer than the nearest one so far, the likeliest.
  void choose(const Answer& answer, std::size_t most, const Contact& teller);
  bool measured(const Contact& contact) const;
  void take_nearest(Turn& turn);

  View& view_;
  Prober& prober_;
  Contact best_;
  Stage stage_ = Stage::kAsking;
  std::optional<std::uint32_t> row_;  // the row asked for; the leaf set at first
  std::uint32_t rounds_ = 0;
  std::uint64_t nonce_ = 0;
  std::vector<Contact> candidates_;
  Time deadline_ = kNever;
};

}  // namespace phyllo::overlay
