#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "overlay/prober.h"
#include "overlay/reliable_hop.h"
#include "overlay/view.h"

namespace phyllo::overlay {

/// The root's side of joins. One joiner at a time: the next is let in when the last one is active
/// or gone (Lu's cure; concurrent joins between two neighbours can tear the ring otherwise).
/// Decides which life a returning node is in, and whether its id is somebody else's.
class Admission {
 public:
  static constexpr std::size_t kMaxQueue = 64;

  Admission(View& view, Prober& prober) : view_(view), prober_(prober) {}

  /// A join request whose root is this node.
  void request(Turn& turn, Parcel parcel);
  /// What is heard of peers: the slot and the doubts depend on it.
  void became_active(NodeId peer);
  void alive(Turn& turn, NodeId peer);
  void gone(NodeId peer);

  /// Requests whose turn has come; this node may not be their root any more.
  std::vector<Parcel> take_next();

  void tick(Turn& turn);
  Time next_tick() const { return slot_ ? slot_->check_at : kNever; }

 private:
  struct Slot {
    Contact joiner;
    std::uint64_t attempt;
    Time since;
    Time check_at;
  };

  void admit(Turn& turn, Parcel parcel);
  void accept(Turn& turn, const Parcel& parcel);
  bool admitted_lately(NodeId joiner, std::uint64_t attempt) const;
  /// Refuses or puts off a joiner whose id is known already; true when that settled the request.
  bool doubted(Turn& turn, Parcel& parcel);
  void enqueue(std::vector<Parcel>& queue, Parcel parcel);

  View& view_;
  Prober& prober_;
  std::optional<Slot> slot_;
  std::vector<Parcel> queue_;     // until the slot is free
  std::vector<Parcel> doubtful_;  // until the known holder of the id has answered or not
  std::vector<Parcel> next_;
  std::vector<std::pair<NodeId, std::uint64_t>> lately_;
};

}  // namespace phyllo::overlay
