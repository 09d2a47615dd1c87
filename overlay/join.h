#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "overlay/prober.h"
#include "overlay/seed_search.h"
#include "overlay/view.h"

namespace phyllo::overlay {

/// The joining node's side: seeking → joining → waiting. Seeds are only endpoints; whoever answers
/// at one leads to a nearby member, and the join request is routed from there to this node's own
/// id. A node whose list of seeds is empty founds a ring at once; one that is itself a seed founds
/// one when no other seed is in a ring for `founding_patience`; any other keeps trying.
class Join {
 public:
  Join(View& view, Prober& prober) : view_(view), prober_(prober) {}

  void start(Turn& turn, std::vector<Endpoint> seeds);
  /// Begins again with the same seeds: nobody of those that let this node in is left.
  void start_again(Turn& turn, const char* why);
  void dialed(Turn& turn, const Endpoint& endpoint, const Contact& found);
  void dial_failed(Turn& turn, const Endpoint& endpoint);
  /// Somebody who may be in the ring; asked like a seed that answered.
  void introduced(Turn& turn, const Contact& stranger);
  /// While no ring is found it founds one at `when`, as a seed does.
  void found_by(Time when);
  bool answered(Turn& turn, const Contact& from, const Answer& answer);
  /// True when this is the answer to the request under way: the node is now waiting.
  bool accepted(Turn& turn, const JoinAccepted& accepted);
  void refused(Turn& turn, const JoinRefused& refused);
  /// The request goes out again in the node's new life.
  void reborn(Turn& turn);

  void tick(Turn& turn);
  Time next_tick() const;

  /// The endpoints of the other seeds.
  const std::vector<Endpoint>& seeds() const { return seeds_; }

 private:
  void seek(Turn& turn, const std::string& why);
  void dial_all(Turn& turn);
  void search_from_next(Turn& turn);
  void continue_search(Turn& turn);
  void request(Turn& turn);
  void consider_founding(Turn& turn);
  void found_ring(Turn& turn);
  Duration back_off(Turn& turn);

  View& view_;
  Prober& prober_;
  std::vector<Endpoint> seeds_;
  bool is_seed_ = false;
  std::vector<Contact> answering_;  // seeds that answered and were not searched from yet
  std::optional<SeedSearch> search_;
  std::optional<NodeId> smallest_seeker_;  // among other seeds that are not in a ring either
  int founding_deferrals_ = 0;
  std::optional<Contact> entry_;  // the member that routes the request
  std::uint64_t attempt_ = 0;
  int tries_ = 0;
  Time found_at_ = kNever;
  Time retry_at_ = kNever;
};

}  // namespace phyllo::overlay
