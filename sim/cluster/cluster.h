#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/random.h"
#include "sim/cluster/broker_process.h"
#include "sim/cluster/ledger.h"
#include "sim/cluster/program.h"
#include "sim/network/event_queue.h"
#include "sim/network/network.h"

namespace phyllo::sim {

/// Whole brokers on a virtual network, one per machine, and programs connected to them, in virtual
/// time. A run is a function of the setup and the calls.
class Cluster {
 public:
  struct Setup {
    std::uint64_t seed = 1;
    /// With two regions or more each of them has a ring and trees of its own.
    broker::BrokerConfig broker = {};
    Plain plain = {};
    /// Another model than `plain`.
    MakeLatency latency = {};
  };

  explicit Cluster(Setup setup);
  ~Cluster();

  // --- brokers ---

  /// A machine for a broker; nothing runs on it yet.
  StationId add(std::string region = "r");
  StationId add_with_id(overlay::NodeId id, std::string region = "r") {
    return add_with_id(id, StationPlace{.region = std::move(region)});
  }
  StationId add_with_id(overlay::NodeId id, const StationPlace& place);
  /// From its next life on this one has other rules for topics than the rest.
  void rule(StationId broker, regions::Fence fence) { machines_[broker].fence = std::move(fence); }
  /// Starts the broker of this machine, in its first life, through the machines named.
  void start(StationId broker, const std::vector<StationId>& seeds);
  /// Adds and starts `count` brokers one after the other; false when one was not active in time.
  bool grow(std::size_t count);
  void kill(StationId broker, Death death = Death::kReported);
  /// Breaks all its programs' connections, and nothing else.
  void break_connections(StationId broker);
  /// All its programs give it up, as an SDK does with a broker that answers nothing: they go
  /// elsewhere, and it learns that they are gone.
  void abandon(StationId broker);
  /// Drains; the process ends when the broker says that it has stopped.
  void drain(StationId broker);
  void pause(StationId broker) { network_.pause(broker); }
  void resume(StationId broker);

  std::size_t size() const { return machines_.size(); }
  bool running(StationId broker) const { return network_.running(broker); }
  std::vector<StationId> running() const;
  std::vector<StationId> active() const;
  bool all_active() const;
  bool paused(StationId broker) const { return network_.paused(broker); }
  broker::Broker& broker(StationId broker) { return machines_[broker].process->broker(); }
  const broker::Broker& broker(StationId broker) const {
    return machines_[broker].process->broker();
  }
  BrokerProcess& process(StationId broker) { return *machines_[broker].process; }
  overlay::NodeId id(StationId broker) const { return machines_[broker].contact.id(); }
  const std::string& region(StationId broker) const { return machines_[broker].contact.region(); }
  /// Whether trees reach both brokers: everywhere, or only inside regions that have their own.
  bool share_trees(StationId a, StationId b) const {
    return setup_.broker.regions.size() < 2 || region(a) == region(b);
  }
  StationId pick(const std::vector<StationId>& brokers);
  std::optional<StationId> station_of(overlay::NodeId id) const;
  /// An active broker other than this one with the same trees, by the run's own dice; this one
  /// where it is the only one of its region.
  std::optional<StationId> another_broker(StationId than);
  /// The running broker whose id is closest to the topic's; of those named.
  StationId closest_to(const std::string& topic) const { return closest_to(topic, running()); }
  StationId closest_to(const std::string& topic, const std::vector<StationId>& among) const;

  // --- programs ---

  Program& program(StationId broker);
  const std::vector<std::unique_ptr<Program>>& programs() const { return programs_; }
  bool all_live() const;
  bool all_acknowledged() const;

  // --- client connections ---

  /// `end` must stay where it is until the connection is closed or lost.
  broker::SessionId open(StationId broker, ClientEnd& end);
  void send(broker::SessionId session, overlay::Wire wire);
  /// The program closes its end.
  void close(broker::SessionId session);

  // --- time ---

  Time now() const { return queue_.now(); }
  void after(Duration delay, EventQueue::Action action) { queue_.after(delay, std::move(action)); }
  void run_for(Duration duration) { queue_.run_until(queue_.now() + duration); }
  bool run_until(const std::function<bool()>& done, Duration limit);

  const Setup& setup() const { return setup_; }
  EventQueue& queue() { return queue_; }
  Ledger& ledger() { return ledger_; }
  const Ledger& ledger() const { return ledger_; }
  Network& network() { return network_; }
  const Network& network() const { return network_; }
  Random& random() { return random_; }

 private:
  struct Machine {
    overlay::Contact contact;
    std::unique_ptr<BrokerProcess> process;
    std::vector<EventQueue::Action> waiting;   // calls of programs while paused
    std::optional<regions::Fence> fence = {};  // its own
  };
  struct Connection {
    StationId broker;
    ClientEnd* end;
  };

  /// In every ring that it belongs to.
  bool in_its_rings(StationId broker) const;
  /// Calls into a broker for a program, at once or when it is no longer paused.
  void call(StationId broker, std::function<void(Time, broker::Broker&, broker::Effects&)> what);
  void tell(broker::SessionId session, overlay::Wire wire);
  void hang_up(broker::SessionId session);
  void lose_connections(StationId broker, Death death);
  void watch_drain(StationId broker);

  Setup setup_;
  Random random_;
  EventQueue queue_;
  Network network_;
  Ledger ledger_;
  std::vector<Machine> machines_;
  std::vector<std::unique_ptr<BrokerProcess>> ended_;
  std::vector<std::unique_ptr<Program>> programs_;
  std::map<broker::SessionId, Connection> connections_;
  broker::SessionId last_session_ = 0;
};

}  // namespace phyllo::sim
