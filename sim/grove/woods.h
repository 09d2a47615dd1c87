#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <unordered_map>
#include <vector>

#include "base/random.h"
#include "base/topic_name.h"
#include "multicast/forest_config.h"
#include "overlay/node_config.h"
#include "sim/grove/forest_process.h"
#include "sim/network/event_queue.h"
#include "sim/network/network.h"

namespace phyllo::sim {

/// A great many brokers without programs: a node and a forest on each machine, and what is common
/// to measurements of trees: let them join, subscribe, publish, and see what goes over which edge.
/// Messages are told apart by their publisher. A run is a function of the setup and the calls.
class Woods {
 public:
  struct Setup {
    std::uint64_t seed = 1;
    overlay::NodeConfig node = {};
    multicast::ForestConfig forest = multicast::ForestConfig::paper();
    MakeLatency latency;
  };
  /// Told of each message of a publisher, while it happens.
  class Watcher {
   public:
    virtual ~Watcher() = default;
    virtual void sent(StationId from, StationId to, multicast::PublisherId publisher) = 0;
    virtual void delivered(Time now, StationId at, multicast::PublisherId publisher) = 0;
  };

  explicit Woods(Setup setup);
  ~Woods();

  // --- members, numbered from 0 ---

  /// Starts one more through a random member that is in the ring; the first founds it.
  void start_one();
  std::size_t size() const { return members_.size(); }
  std::size_t active() const { return active_.size(); }
  const overlay::Node& node(StationId member) const;
  const multicast::Forest& forest(StationId member) const;
  /// The member closest to the topic's key.
  StationId root_of(const TopicName& topic) const;

  // --- what programs do ---

  void subscribe(StationId member, const TopicName& topic);
  /// Subscriptions that are not live yet, and those that were refused.
  std::size_t pending() const { return pending_; }
  std::size_t refused() const { return refused_; }
  /// One message, the first and only one of this publisher. False when there was no room for it.
  bool publish(StationId member, const TopicName& topic, multicast::PublisherId publisher);
  /// From now on, until it is called with nullptr.
  void watch(Watcher* watcher) { watcher_ = watcher; }

  // --- time ---

  void run_for(Duration duration) { queue_.run_until(queue_.now() + duration); }
  EventQueue& queue() { return queue_; }
  const EventQueue& queue() const { return queue_; }
  const Network& network() const { return network_; }

  /// Losses reported to programs, and messages that the codec wrote and did not read back.
  std::uint64_t gaps() const { return gaps_; }
  std::uint64_t undecodable() const { return undecodable_; }

 private:
  class Member;

  Setup setup_;
  Random random_;
  EventQueue queue_;
  Network network_;
  std::vector<std::unique_ptr<Member>> members_;
  std::unordered_map<overlay::NodeId, StationId> by_id_;
  std::vector<StationId> active_;
  Watcher* watcher_ = nullptr;
  std::size_t pending_ = 0;
  std::size_t refused_ = 0;
  std::uint64_t gaps_ = 0;
  std::uint64_t undecodable_ = 0;
};

}  // namespace phyllo::sim
