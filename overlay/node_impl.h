#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "overlay/admission.h"
#include "overlay/healing.h"
#include "overlay/heartbeats.h"
#include "overlay/identity.h"
#include "overlay/join.h"
#include "overlay/node.h"
#include "overlay/prober.h"
#include "overlay/reliable_hop.h"
#include "overlay/repair.h"
#include "overlay/table_maintenance.h"
#include "overlay/view.h"

namespace phyllo::overlay {

/// The parts of a node and how what one of them finds out reaches the others. node.cc holds what
/// the driver calls, node_receive.cc what peers say, node_membership.cc who comes and goes.
class Node::Impl {
 public:
  Impl(NodeConfig config, Contact self, std::uint64_t seed);

  void start(Turn turn, std::vector<Endpoint> seeds);
  void leave(Turn turn);
  void receive(Turn turn, const Contact& from, Message message);
  void dialed(Turn turn, const Endpoint& endpoint, const Contact& found);
  void dial_failed(Turn turn, const Endpoint& endpoint);
  void disconnected(Turn turn, NodeId peer);
  void share_evidence(const Node::Impl& other) { view_.elsewhere = &other.view_.peers; }
  void introduce(Turn turn, const Contact& stranger);
  void found_by(Time when) { join_.found_by(when); }
  void live_as(Turn turn, Incarnation incarnation);
  void doubt(Turn turn, NodeId peer);
  void tick(Turn turn);
  Time next_tick() const;
  void send_toward(Turn turn, Key key, AppMessage message);
  void forward(Turn turn, Arrived arrival);
  void send_direct(Turn turn, const Contact& to, AppMessage message);

  void foresee(NodeId from) const;
  bool is_root(Key key) const;
  const View& view() const { return view_; }
  NodeStats stats() const;

 private:
  bool running() const;
  /// Takes back its place after a sleep of the process.
  void notice_pause(Turn& turn);
  /// Lets the parts see what the others found out, until nobody has news.
  void settle(Turn& turn);
  bool settle_once(Turn& turn);

  // --- node_receive.cc ---
  bool admissible(Turn& turn, const Contact& from, const Message& message);
  void heard(Turn& turn, const Contact& from);
  void on(Turn& turn, const Contact& from, Direct message);
  void on(Turn& turn, const Contact& from, Hop message);
  void on(Turn& turn, const Contact& from, HopAck message);
  void on(Turn& turn, const Contact& from, Probe message);
  void on(Turn& turn, const Contact& from, ProbeReply message);
  void on(Turn& turn, const Contact& from, Heartbeat message);
  void on(Turn& turn, const Contact& from, Ping message);
  void on(Turn& turn, const Contact& from, Pong message);
  void on(Turn& turn, const Contact& from, Measured message);
  void on(Turn& turn, const Contact& from, Ask message);
  void on(Turn& turn, const Contact& from, Answer message);
  void on(Turn& turn, const Contact& from, JoinAccepted message);
  void on(Turn& turn, const Contact& from, JoinRefused message);
  void on(Turn& turn, const Contact& from, Leaving message);
  void on(Turn& turn, const Contact& from, Superseded message);
  void learn(Turn& turn, const Contact& from, const LeafSetState& state);
  /// Asks who, of those heard of, would have a place in the leaf set beside all the others of them:
  /// they may still answer.
  void probe_wanted(Turn& turn);
  /// What a peer says of itself in an answer, see Pong.
  struct Answerer {
    Duration occupant;
    Coordinate coordinate;
  };
  void measured(Turn& turn, const Contact& peer, const Prober::Answered& answer,
                const Answerer& told);
  void arrive(Turn& turn, Parcel parcel);

  // --- node_membership.cc ---
  enum class Standing { kWaiting, kActive };
  static Standing standing(bool active) { return active ? Standing::kActive : Standing::kWaiting; }
  /// A member of the ring spoke: it may have a place in the leaf set.
  void admit_leaf(Turn& turn, const Contact& member, Standing standing);
  void silent(Turn& turn, const Prober::Silent& silent);
  void lose(Turn& turn, const Contact& peer, PeerLost::Reason reason,
            Prober::Evidence evidence = Prober::Evidence::kOwn);
  /// Sees to it that whoever counts on this leaf hears of its death, and that its place is filled.
  void leaf_died(Turn& turn, const Contact& lost, Prober::Evidence evidence, bool next_to_us);
  enum class Toll {
    kOrdinary,
    kMassive,  ///< so many leaves died lately that others must have as well
  };
  /// Notes one more death of a leaf, and says what it comes to with those before.
  Toll note_leaf_death(Time now, bool next_to_us);
  void announce_to(Turn& turn, const Contact& leaf);
  /// Asks those heard of who belong into the places that are free in the leaf set; where there are
  /// none, the outermost leaf. True when somebody heard of was asked.
  bool seek_successors(Turn& turn);
  void probe_leaves(Turn& turn);
  void meet_stranger(Turn& turn, const Contact& stranger);
  /// A member spoke: if this node takes its leaf set for the whole ring, it is of another one.
  void notice_outsider(Turn& turn, const Contact& member);
  void reborn(Turn& turn);
  /// All questions are answered: what the leaf set says now can be relied on.
  void conclude(Turn& turn);
  void activate(Turn& turn);
  void report_leaves(Turn& turn);

  /// What the answer to whom the leaf set wants depends on.
  struct Outlook {
    std::uint64_t leaves = 0;
    std::uint64_t shadow = 0;
    bool whole_ring = true;
    bool operator==(const Outlook&) const = default;
  };

  View view_;
  Prober prober_;
  ReliableHop hops_;
  Join join_;
  Admission admission_;
  TableMaintenance table_;
  Repair repair_;
  Heartbeats heartbeats_;
  Identity identity_;
  Healing healing_;

  std::optional<Outlook> nobody_wanted_;  // among those heard of, when it was last looked
  std::vector<Contact> reported_leaves_;
  std::uint64_t reported_version_ = 0;
  bool serving_ = false;               // active when it was last looked at
  bool asked_around_ = true;           // all leaves were probed since the last one was lost
  std::vector<Time> leaf_deaths_;      // since all leaves were probed last
  Time neighbor_death_ = Time::min();  // the latest of a direct neighbour
  bool was_active_ = false;  // in this run: alone, it is a ring of one, not a failed joiner
  Time last_call_;
  Time forget_at_;
};

}  // namespace phyllo::overlay
