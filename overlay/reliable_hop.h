#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

#include "overlay/hop_window.h"
#include "overlay/prober.h"
#include "overlay/view.h"

namespace phyllo::overlay {

/// A message on its way toward a key, as it stands at this node.
struct Parcel {
  Key key;
  Contact origin;
  Contact previous;  ///< this node when it originates here
  std::uint32_t hops = 0;
  std::variant<AppMessage, JoinRequest> cargo;

  bool joins() const { return std::holds_alternative<JoinRequest>(cargo); }
  std::size_t bytes() const;
};

/// Brings parcels to the next hop: each is acknowledged by the next node, retransmitted after
/// srtt + 4·var, and sent another way when that node does not answer. Only the root, as the leaf
/// set has it, is never passed over: it is tried until it answers or the prober finds it silent,
/// for anybody else would deliver to the wrong node. What cannot go anywhere yet is kept, within
/// `buffer_bytes`.
class ReliableHop {
 public:
  ReliableHop(View& view, Prober& prober) : view_(view), prober_(prober) {}

  /// Draws the number of this life, in which hops are counted.
  void start(Turn& turn);

  /// Sends the parcel on by the routing rule, or to `redirect` first. One whose root is this node
  /// comes back with `take_arrivals`. Without room `Undelivered` is appended.
  void send(Turn& turn, Parcel parcel, const std::optional<Contact>& redirect = std::nullopt);
  /// A hop came in: acknowledges it. True when the parcel is new; one that comes before this node
  /// is active is kept and comes back with `take_arrivals`. Without room it is not even
  /// acknowledged, so that the sender keeps it.
  bool received(Turn& turn, const Contact& from, Hop hop);
  void acked(Turn& turn, NodeId from, const HopAck& ack);
  /// The peer is gone: what it has not acknowledged goes another way.
  void peer_lost(Turn& turn, NodeId peer);
  /// The node became active, or its leaf set changed: whatever was kept is tried again.
  void release(Turn& turn);
  /// Gives everything up: `Undelivered` for all of it.
  void abandon(Turn& turn);

  /// The latest message that met a hole in the routing table, and where it went instead.
  struct Hole {
    Key key;
    Contact via;
  };
  std::optional<Hole> take_hole() { return std::exchange(hole_, std::nullopt); }

  /// Parcels to be looked at by the node itself.
  std::vector<Parcel> take_arrivals() { return std::exchange(arrivals_, {}); }

  void tick(Turn& turn);
  Time next_tick() const { return deadlines_.empty() ? kNever : deadlines_.begin()->first; }
  std::size_t buffered_bytes() const { return bytes_; }
  bool waits_for(NodeId peer) const { return by_peer_.contains(peer); }

 private:
  /// A parcel sent to `to` and not acknowledged.
  struct Flight {
    Parcel parcel;
    Contact to;
    bool last_hop;
    int transmissions = 0;
    Time sent;
    Time deadline;
    Duration timeout{};
    std::vector<NodeId> tried;
  };
  /// A parcel that stays here for now.
  struct Kept {
    Parcel parcel;
    bool arrived;  // not looked at by this node yet
  };
  using Flights = std::map<std::uint64_t, Flight>;

  bool room_for(const Parcel& parcel) const;
  void dispatch(Turn& turn, Parcel parcel, std::vector<NodeId> tried);
  void launch(Turn& turn, Parcel parcel, const Route& route, std::vector<NodeId> tried);
  void transmit(Turn& turn, std::uint64_t number, Flight& flight);
  void timed_out(Turn& turn, Flights::iterator flight);
  Flight land(Flights::iterator flight);
  void undelivered(Turn& turn, Parcel parcel, Undelivered::Reason reason);

  View& view_;
  Prober& prober_;
  HopWindow window_;
  std::uint64_t life_ = 0;
  std::uint64_t last_number_ = 0;
  Flights flights_;
  std::set<std::pair<Time, std::uint64_t>> deadlines_;
  std::unordered_map<NodeId, std::set<std::uint64_t>> by_peer_;
  std::vector<Kept> kept_;
  std::vector<Parcel> arrivals_;
  std::optional<Hole> hole_;
  std::size_t bytes_ = 0;  // of flights and kept parcels
};

}  // namespace phyllo::overlay
