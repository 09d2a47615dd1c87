#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "base/random.h"
#include "overlay/acquaintances.h"
#include "overlay/effects.h"
#include "overlay/leaf_set.h"
#include "overlay/node_config.h"
#include "overlay/node_stats.h"
#include "overlay/past_contacts.h"
#include "overlay/peers.h"
#include "overlay/position.h"
#include "overlay/routing.h"
#include "overlay/routing_table.h"

namespace phyllo::overlay {

/// One call into the node: when it is made and where its effects go.
struct Turn {
  Time now;
  Effects& out;
};

/// What all parts of one node share: who it is and whom it knows.
struct View {
  View(NodeConfig config, Contact self, std::uint64_t seed);

  bool active() const { return state == StateChanged::State::kActive; }
  /// Answers probes: in the ring, or on the last step into it.
  bool member() const { return active() || state == StateChanged::State::kWaiting; }

  /// Changes the state and says so.
  void enter(Turn& turn, StateChanged::State next, std::string reason);
  /// Puts a message on the link to `to` and remembers that it was written to.
  void send(Turn& turn, const Contact& to, Message message);
  /// What goes with probes and their answers.
  LeafSetState leaf_set_state(Time now) const;
  /// This node, or somebody who was reached where this node is now: nobody to write to.
  bool is_here(const Contact& contact) const;
  /// Whom the leaf set or the table holds under this id.
  const Contact* neighbor(NodeId id) const;
  /// The last life of `id` that this node knows of, whether it is gone or not.
  const Contact* last_known(NodeId id) const;
  /// When it was last heard of in this life, and last sent something: here or elsewhere.
  Time heard(const Peer& peer) const;
  Time sent(const Peer& peer) const;
  /// The record of somebody who was heard of and is not known to be gone.
  const Peer* living(NodeId id) const;
  /// Measured round trip × region multiplier; an hour for a peer never measured.
  Duration proximity(NodeId id) const;
  /// The least it can be for somebody this far from `teller`, by the triangle; zero when either
  /// distance is unknown.
  Duration least_proximity(const Contact& contact, Duration from_teller, NodeId teller) const;
  /// What it is if coordinates are right; that of a peer never measured when these say nothing.
  Duration likely_proximity(const Contact& contact, const Coordinate& there) const;
  /// Round trips to these, zero for those never measured.
  std::vector<Duration> round_trips(const std::vector<Contact>& contacts) const;
  /// The coordinates of these as far as they are known.
  std::vector<Coordinate> coordinates(const std::vector<Contact>& contacts) const;
  /// What it said of itself last; this node's own under its own id.
  Coordinate coordinate(NodeId id) const;
  /// Finds out anew where this node stands, from all round trips that it measured.
  void settle();
  /// The proximity of whom the table holds in the slot of `id`, zero when it was never measured;
  /// the least there is when the way to `id` itself is known.
  Duration occupant_distance(NodeId id) const;
  void suspect(NodeId id);
  /// Who would be the leaf set if everybody heard of lived: each side nearest first. Without those
  /// who were asked and did not answer in time.
  std::vector<Contact> leaves_heard_of() const;
  /// The routing rule; `tried` did not acknowledge the message, `joiner` is not in the ring yet.
  Route route_to(Key key, std::span<const NodeId> tried = {},
                 std::optional<NodeId> joiner = std::nullopt) const;
  /// Everybody in the leaf set and the table, each once, in a fixed order.
  std::vector<Contact> neighbors() const;
  void notice(Turn& turn, Notice::Level level, std::string text, NodeId peer) const;

  const NodeConfig config;
  Contact self;
  StateChanged::State state = StateChanged::State::kDead;
  Random random;
  LeafSet leaves;
  /// What others say of the ring around this node, twice as far as its leaf set reaches. Nobody of
  /// them was asked: who takes the place of a leaf that is gone is found here at once.
  LeafSet shadow;
  RoutingTable table;
  Peers peers;
  Position position;
  /// Of this process's node in another ring: evidence of life there counts here. May be null.
  const Peers* elsewhere = nullptr;
  PastContacts past;
  Acquaintances acquaintances;
  NodeStats stats;

 private:
  Duration weighed(const Contact& contact, Duration round_trip) const;
};

}  // namespace phyllo::overlay
