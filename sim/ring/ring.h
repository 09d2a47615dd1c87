#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/random.h"
#include "overlay/node.h"
#include "sim/network/event_queue.h"
#include "sim/network/network.h"
#include "sim/ring/active_members.h"
#include "sim/ring/ring_member.h"
#include "sim/ring/routed.h"

namespace phyllo::sim {

/// Overlay nodes on a virtual network, one per machine. A machine has the same endpoints for ever;
/// what runs on it can be killed and started again. A run is a function of the setup and the calls.
class Ring {
 public:
  struct Setup {
    std::uint64_t seed = 1;
    overlay::NodeConfig node = {};
    Plain plain = {};
    /// Each machine's clock is off by up to this much, either way.
    Duration clock_spread = Duration::zero();
    /// Another model than `plain`.
    MakeLatency latency = {};
    RingMember::Keep keep = RingMember::Keep::kHistory;
  };

  explicit Ring(Setup setup);

  // --- members ---

  /// A machine for a node of this id; nothing runs on it yet.
  StationId add(overlay::NodeId id, std::string region = "") {
    return add(id, StationPlace{.region = std::move(region)});
  }
  StationId add(overlay::NodeId id, const StationPlace& place);
  StationId add() { return add(overlay::NodeId::random(random_)); }
  /// Another id for the machine's next process.
  void rename(StationId member, overlay::NodeId id);
  /// Starts a node with the machine's id, in its first life, knowing the endpoints of `seeds`.
  void start(StationId member, const std::vector<StationId>& seeds);
  /// Adds and starts `count` nodes, each through a random active one, and each once the one before
  /// is active; the very first founds the ring. False when one of them did not get in within
  /// `limit`.
  bool grow(std::size_t count, Duration limit = std::chrono::seconds(60));
  /// Says goodbye; the process ends when its last messages are on their way.
  void leave(StationId member);
  void kill(StationId member, Death death);

  /// All machines, and those on which a node runs that has neither left nor resigned.
  std::size_t size() const { return machines_.size(); }
  std::vector<StationId> running() const;
  std::vector<StationId> active() const;
  bool is_running(StationId member) const;
  bool all_active() const;
  /// A random one of them; there must be one.
  StationId pick(const std::vector<StationId>& members);
  overlay::NodeId id(StationId member) const { return machines_[member].contact.id(); }
  const overlay::Contact& contact(StationId member) const { return machines_[member].contact; }
  /// The process that runs, or ran last, on this machine; there must have been one.
  RingMember& member(StationId member) { return *machines_[member].process; }
  const RingMember& member(StationId member) const { return *machines_[member].process; }
  const overlay::Node& node(StationId member) const { return this->member(member).node(); }

  // --- time ---

  void run_for(Duration duration) { queue_.run_until(queue_.now() + duration); }
  /// Runs until `done`, asked every `step`; false when it did not happen within `limit`.
  bool run_until(const std::function<bool()>& done, Duration limit,
                 Duration step = std::chrono::milliseconds(5));
  Time now() const { return queue_.now(); }

  // --- messages of the layer above ---

  /// Sends toward `key`; the result names the message in `routed`.
  std::uint64_t route(StationId from, overlay::Key key);
  const RoutedMessages& routed() const { return routed_; }
  overlay::Key random_key() { return overlay::Key::random(random_); }

  // --- what happened ---

  const MessageCounts& sent() const { return sent_; }
  template <class M>
  std::uint64_t sent_of() const {
    return sent_[overlay::Message(M{}).index()];
  }
  /// Messages that the codec wrote and did not read back: always a mistake.
  std::uint64_t undecodable() const { return undecodable_; }
  Network& network() { return network_; }
  const Network& network() const { return network_; }
  EventQueue& queue() { return queue_; }
  Random& random() { return random_; }
  const overlay::NodeConfig& config() const { return setup_.node; }
  /// For nodes that are started from now on.
  void set_config(const overlay::NodeConfig& config) { setup_.node = config; }
  const Setup& setup() const { return setup_; }
  /// Who is who, what they are, and the latest messages: for the message of a failed test.
  std::string report(std::size_t messages = 60) const;

 private:
  struct Machine {
    overlay::Contact contact;
    std::unique_ptr<RingMember> process;
  };

  void delivered(StationId at, const overlay::Arrived& arrived);
  void changed(StationId member, overlay::StateChanged::State state);

  Setup setup_;
  Random random_;
  EventQueue queue_;
  Network network_;
  std::vector<Machine> machines_;
  ActiveMembers active_;
  RoutedMessages routed_;
  MessageCounts sent_{};
  overlay::Effects effects_;  // room that the members take turns to use
  std::uint64_t undecodable_ = 0;
};

}  // namespace phyllo::sim
