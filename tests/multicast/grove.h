#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/random.h"
#include "multicast/forest.h"
#include "sim/network/event_queue.h"
#include "sim/network/network.h"
#include "tests/multicast/grove_member.h"

namespace phyllo::testing {

using namespace sim;  // the rings and clusters under test

TopicName topic(std::string_view text);

/// Brokers without programs (an overlay node and a forest each) on a virtual network, one per
/// machine. A run is a function of the setup and the calls.
class Grove {
 public:
  using Resting = GroveMember::Resting;
  struct Setup {
    std::uint64_t seed = 1;
    overlay::NodeConfig node = {};
    multicast::ForestConfig forest = multicast::ForestConfig::lan();
    Plain plain = {};
    /// Each machine's clock is ahead of the network's by up to this much.
    Duration clock_spread = Duration::zero();
    Resting resting = Resting::kWhenIdle;
  };
  explicit Grove(Setup setup);

  // --- members ---
  StationId add(overlay::NodeId id);
  StationId add() { return add(overlay::NodeId::random(random_)); }
  void start(StationId member, const std::vector<StationId>& seeds);
  /// Adds, starts and waits for `count` members, all through one seed, a few at a time.
  bool grow(std::size_t count);
  void kill(StationId member, Death death = Death::kReported);
  /// Hands over, goes on for a moment (as a broker that drains does), and leaves the ring.
  void leave(StationId member, Duration linger = std::chrono::milliseconds(500));
  std::vector<StationId> running() const;
  bool is_running(StationId member) const;
  bool all_active() const;
  /// How many processes ran on this machine before the present one.
  std::uint32_t life(StationId member) const {
    return static_cast<std::uint32_t>(machines_[member].past.size());
  }
  StationId pick(const std::vector<StationId>& members);
  overlay::NodeId id(StationId member) const { return machines_[member].contact.id(); }
  const overlay::Contact& contact(StationId member) const { return machines_[member].contact; }
  GroveMember& member(StationId member) { return *machines_[member].process; }
  const GroveMember& member(StationId member) const { return *machines_[member].process; }
  std::size_t size() const { return machines_.size(); }

  // --- what programs do ---
  void subscribe(StationId member, const TopicName& topic, std::uint64_t count = 1);
  void unsubscribe(StationId member, const TopicName& topic) { subscribe(member, topic, 0); }
  /// `messages` more of this publisher's through this member; false when there was no room.
  bool publish(StationId member, const TopicName& topic, multicast::PublisherId publisher,
               std::uint32_t messages = 1);
  std::uint64_t cast(StationId member, const TopicName& topic, std::uint32_t wanted);
  std::uint64_t survey(StationId member, const TopicName& topic);
  /// As another region's answer would: see `Forest::open`.
  void open(StationId member, const TopicName& topic);

  // --- time ---
  void run_for(Duration duration) { queue_.run_until(queue_.now() + duration); }
  bool run_until(const std::function<bool()>& done, Duration limit = std::chrono::seconds(30));
  Time now() const { return queue_.now(); }

  // --- what is known ---
  struct Published {
    StationId through;
    std::uint32_t life;  ///< of the process it went through
    Time when;
  };
  using Publisher = std::pair<multicast::TopicId, multicast::PublisherId>;
  /// By the publisher's numbers, from 1.
  const std::map<Publisher, std::vector<Published>>& published() const { return published_; }
  using Number = std::pair<multicast::StreamId, multicast::Sequence>;
  /// Which message a stream's number stands for, as far as anybody saw it.
  const std::map<std::pair<multicast::TopicId, Number>,
                 std::pair<multicast::PublisherId, multicast::Sequence>>&
  numbered() const {
    return numbered_;
  }
  struct Subscription {
    StationId member;
    std::uint32_t life;
    multicast::TopicId topic;
    Time from;
    Time to = kNever;  ///< unsubscribed, or the process ended
    std::size_t first_seen;
    std::size_t last_seen = SIZE_MAX;
  };
  const std::vector<Subscription>& subscriptions() const { return subscriptions_; }
  /// All that the subscription saw; its process may have ended since.
  std::vector<SeenAt> seen(const Subscription& subscription) const;
  std::set<StationId> subscribers(const TopicName& topic) const;
  std::uint64_t delivered(StationId member, const TopicName& topic) const;
  /// The active member closest to the topic's key.
  StationId root_of(const TopicName& topic) const;
  std::uint64_t undecodable() const { return undecodable_; }
  std::uint64_t seed() const { return setup_.seed; }
  Network& network() { return network_; }
  Random& random() { return random_; }
  std::string report(const TopicName& topic) const;

 private:
  struct Machine {
    overlay::Contact contact;
    std::unique_ptr<GroveMember> process;
    std::vector<std::unique_ptr<GroveMember>> past;
  };
  void end_subscriptions(StationId member);
  const GroveMember& process(StationId member, std::uint32_t life) const;

  Setup setup_;
  Random random_;
  EventQueue queue_;
  Network network_;
  std::vector<Machine> machines_;
  std::map<Publisher, std::vector<Published>> published_;
  std::map<std::pair<multicast::TopicId, Number>,
           std::pair<multicast::PublisherId, multicast::Sequence>>
      numbered_;
  std::vector<Subscription> subscriptions_;
  std::map<multicast::PublisherId, multicast::TopicId> topic_of_publisher_;
  std::uint64_t undecodable_ = 0;
};

}  // namespace phyllo::testing
