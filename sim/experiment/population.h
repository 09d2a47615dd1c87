#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "base/random.h"
#include "overlay/node_config.h"
#include "sim/experiment/inhabitant.h"
#include "sim/experiment/lookup.h"
#include "sim/network/event_queue.h"
#include "sim/network/network.h"

namespace phyllo::sim {

/// Overlay nodes in numbers: they come, die, and look things up, and what matters is counted. Every
/// node runs on a machine of its own. A run is a function of the setup and the calls.
class Population {
 public:
  struct Setup {
    std::uint64_t seed = 1;
    overlay::NodeConfig node = {};
    MakeLatency latency = {};  ///< a small plain when it is empty
    double jitter = 0;         ///< see `Weather`
  };
  explicit Population(const Setup& setup);
  ~Population();

  // --- who lives ---

  /// A node on a new machine, in its first life; it founds the ring or joins through a random
  /// active node.
  StationId birth() { return birth_of(overlay::NodeId::random(random_)); }
  StationId birth_of(overlay::NodeId id);
  /// As many births, one after the other, each when the one before is active; false when one is not
  /// within `limit`. `told` hears of each.
  bool grow(std::size_t count, Duration limit, const std::function<void(std::size_t)>& told);
  /// Without a word.
  void die(StationId station);
  /// The node that died comes back on its machine, and joins again.
  void revive(StationId station);

  /// The active ones, in no order that means anything.
  const std::vector<StationId>& active() const { return active_; }
  std::size_t living() const { return living_; }
  /// Machines: all that ever lived.
  std::size_t size() const { return inhabitants_.size(); }
  bool lives(StationId station) const { return inhabitants_[station] != nullptr; }
  const Inhabitant& inhabitant(StationId station) const { return *inhabitants_[station]; }
  const overlay::Node& node(StationId station) const { return inhabitants_[station]->node(); }
  /// A random active one; there must be one.
  StationId pick() { return active_[random_.below(active_.size())]; }
  /// Active nodes in the order of their ids.
  const std::map<overlay::NodeId, StationId>& ring() const { return ring_; }
  /// The `count` active nodes closest to the key, closest first.
  std::vector<StationId> closest(overlay::Key key, std::size_t count) const;

  // --- lookups ---

  /// The number of the lookup.
  std::size_t look_up(StationId from, overlay::Key key, Lookup::Goal goal = Lookup::Goal::kRoot,
                      std::size_t replicas = 1);
  /// From a random active node toward a random key.
  std::size_t look_up(Lookup::Goal goal = Lookup::Goal::kRoot, std::size_t replicas = 1) {
    return look_up(pick(), overlay::Key::random(random_), goal, replicas);
  }
  const Lookup& lookup(std::size_t number) const { return lookups_[number]; }
  std::size_t lookups() const { return lookups_.size(); }

  // --- time ---

  void run_for(Duration duration) { queue_.run_until(queue_.now() + duration); }
  /// False when it did not come true within `limit`; asked after every event.
  bool run_until(const std::function<bool()>& done, Duration limit);
  Time now() const { return queue_.now(); }

  const Traffic& traffic() const { return traffic_; }
  const overlay::NodeConfig& config() const { return setup_.node; }
  Network& network() { return network_; }
  const Network& network() const { return network_; }
  EventQueue& queue() { return queue_; }
  Random& random() { return random_; }

 private:
  void start(StationId station);
  std::optional<overlay::Arrived> arrived(StationId at, overlay::Arrived arrival);
  /// Where the lookup goes from here; nullopt when this is its end.
  std::optional<overlay::Arrived> onward(const Lookup& lookup, StationId at,
                                         overlay::Arrived arrival) const;
  bool holds(StationId at, const Lookup& lookup) const;
  void changed(StationId station, overlay::StateChanged::State state);
  void no_longer_active(StationId station);
  Lookup* lookup_of(const overlay::AppMessage& message);

  Setup setup_;
  Random random_;
  EventQueue queue_;
  Network network_;
  Traffic traffic_;
  Inhabitant::Observer observer_;
  std::vector<overlay::NodeId> ids_;                      // of each station
  std::vector<std::unique_ptr<Inhabitant>> inhabitants_;  // null where nobody lives
  std::vector<StationId> active_;
  std::vector<std::size_t> place_in_active_;  // of each station; kNowhere when it is not active
  std::map<overlay::NodeId, StationId> ring_;
  std::map<overlay::NodeId, StationId> joining_;
  std::size_t living_ = 0;
  std::deque<Lookup> lookups_;
};

}  // namespace phyllo::sim
