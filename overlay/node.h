#pragma once

#include <optional>
#include <span>
#include <vector>

#include "base/time.h"
#include "overlay/contact.h"
#include "overlay/coordinate.h"
#include "overlay/effects.h"
#include "overlay/node_config.h"
#include "overlay/node_stats.h"

namespace phyllo::overlay {

/// One member of a Pastry ring. Does no I/O: every call takes the time, appends what the world has
/// to do to `out`, and returns at once. One owner; not thread-safe.
///
/// Life: `start` → seeking → joining → waiting → active; `leave` → left. Whatever is sent through a
/// node that is not active yet is buffered (bounded) and goes out when it is.
class Node {
 public:
  /// `seed` makes the node's random choices repeatable.
  Node(NodeConfig config, Contact self, std::uint64_t seed);
  ~Node();
  Node(Node&&) noexcept;

  // --- what the driver tells it ---

  /// Joins through whoever answers at `seeds`; founds a ring when the list is empty or this node is
  /// itself one of them and no other answers within `config.timers.founding_patience`.
  void start(Time now, std::vector<Endpoint> seeds, Effects& out);
  /// Says goodbye to its peers and stops. Nothing is sent afterwards.
  void leave(Time now, Effects& out);
  void receive(Time now, const Contact& from, Message message, Effects& out);
  void dialed(Time now, const Endpoint& endpoint, const Contact& found, Effects& out);
  void dial_failed(Time now, const Endpoint& endpoint, Effects& out);
  /// The connection to `peer` broke or could not be made: evidence, not proof; it is probed at
  /// once.
  void disconnected(Time now, NodeId peer, Effects& out);
  // A process may have a node in each of several rings, under one id:

  /// What `other` hears of a peer or says to it counts here as well: it needs neither heartbeats
  /// nor routine probes from both. `other` must outlive the last call to this one.
  void share_evidence(const Node& other);
  /// Somebody of the same ring may be there; joins through them, or brings both rings together.
  void introduce(Time now, const Contact& stranger, Effects& out);
  /// Founds a ring at `when`, though it is no seed, unless it has met a ring by then.
  void found_by(Time when);
  /// Takes this life over from the process's other nodes, unless its own is as late.
  void live_as(Time now, Incarnation incarnation, Effects& out);
  /// The peer was found to be gone elsewhere: if it is known here, it is asked once.
  void doubt(Time now, NodeId peer, Effects& out);

  /// A driver that knows that a message of `from` will come soon may say so, once and, a little
  /// later, with step 1: what it will need is brought near the processor. Changes nothing.
  void foresee(NodeId from, int step) const;

  void tick(Time now, Effects& out);
  /// When `tick` wants to be called next.
  Time next_tick() const;

  // --- what it does for the layer above ---

  /// The reliable hop toward `key`: acknowledged by the next node, retransmitted, rerouted around a
  /// hop that does not answer. At this node, if it is the root, `Arrived` is appended at once.
  void send_toward(Time now, Key key, AppMessage message, Effects& out);
  /// Sends an arrival on by one more hop, with its origin and hop count.
  void forward(Time now, Arrived arrival, Effects& out);
  /// One unacknowledged message straight to a peer, in order with other such messages to it.
  void send_direct(Time now, const Contact& to, AppMessage message, Effects& out);

  // --- what it knows ---

  const Contact& self() const;
  StateChanged::State state() const;
  bool active() const { return state() == StateChanged::State::kActive; }
  /// Whether this node is active and the root of `key`.
  bool is_root(Key key) const;
  /// The routing rule's choice; nullopt when it is this node.
  std::optional<Contact> next_hop(Key key) const;
  /// Both sides of the leaf set, nearest first on each side.
  std::vector<Contact> left_leaves() const;
  std::vector<Contact> right_leaves() const;
  /// Every entry of the routing table, row by row.
  std::vector<Contact> routing_table() const;
  /// The `k` known nodes closest to `key`, this one included, closest first (k ≤ leaf set size).
  std::vector<Contact> replica_set(Key key, std::size_t k) const;
  /// The one of them that is nearest to whoever stands at `to`, by what they say of where they
  /// stand; nullopt when that is known of none of them, or `to` is unknown.
  std::optional<Contact> nearest_replica(Key key, std::size_t k, const Coordinate& to) const;
  /// Everybody who was heard of in the life they are in and is not suspected, and who is in the
  /// ring as far as this node knows; in an order that means nothing.
  std::vector<Contact> members_met() const;
  /// Whether this peer was heard of and is not known to be gone.
  bool knows(NodeId peer) const;
  /// Measured round trip × region multiplier; a large default for a peer never measured.
  Duration proximity(NodeId peer) const;
  /// Where this node stands; unknown before its first round trip to a node that knows.
  const Coordinate& coordinate() const;
  NodeStats stats() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace phyllo::overlay
