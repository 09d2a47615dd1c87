#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/time.h"
#include "broker/core/broker_config.h"
#include "broker/core/region_gate.h"
#include "overlay/node.h"

namespace phyllo::broker {

/// The overlay nodes of one broker: one in the ring of all brokers, the global ring, and where the
/// cluster has two regions or more a second one in the ring of its own region, the home ring. They
/// have one id and live one life, and what one hears of a peer counts for the other. Does no I/O;
/// one owner; not thread-safe.
///
/// The home ring has no seeds of its own: a seed belongs to it when it turns out to be of this
/// region, and whoever of this region is met in the global ring, or found through it, is introduced
/// to it. A broker that
/// finds nobody founds it; two such rings that meet later become one.
class Rings {
 public:
  using Scope = overlay::RingScope;

  Rings(const BrokerConfig& config, const overlay::Contact& self, std::uint64_t seed);

  // --- what the driver tells ---

  void start(Time now, std::vector<overlay::Endpoint> seeds);
  void leave(Time now);
  void receive(Time now, const overlay::Contact& from, Scope ring, overlay::Message&& message);
  void disconnected(Time now, overlay::NodeId peer);
  void dialed(Time now, const overlay::Endpoint& endpoint, const overlay::Contact& found);
  void dial_failed(Time now, const overlay::Endpoint& endpoint);
  void tick(Time now);
  Time next_tick() const;

  // --- what the layers above want ---

  void send_toward(Time now, Scope ring, overlay::Key key, overlay::AppMessage message);
  void forward(Time now, Scope ring, overlay::Arrived arrival);
  void send_direct(Time now, Scope ring, const overlay::Contact& to, overlay::AppMessage message);
  /// Somebody who may belong into the home ring.
  void introduce(Time now, const overlay::Contact& stranger);

  // --- effects ---

  /// What one of the nodes asks of the world, in order.
  struct Taken {
    Scope ring;
    overlay::Effects effects;
  };
  /// Nothing when neither asks for anything. Before, both nodes agree on the life they live.
  std::optional<Taken> take(Time now);
  /// Of what a node asked: what the other one must know of it.
  void state_changed(Time now, Scope ring, overlay::StateChanged::State state);
  void leaf_set_changed(Time now, Scope ring);
  /// True when nobody counts on the peer any more; otherwise the other node asks it once.
  bool lost(Time now, Scope ring, overlay::NodeId peer);
  /// Whether there is a point in dialing this endpoint for the ring.
  bool dials(Scope ring, const overlay::Endpoint& endpoint) const;

  // --- what they know ---

  bool two() const { return home_.has_value(); }
  /// The ring that topic trees live on: the home ring where there are two.
  Scope trees() const { return two() ? Scope::kHome : Scope::kGlobal; }
  const overlay::Node& global() const { return global_.node; }
  /// The same as `global` where there is only one.
  const overlay::Node& home() const { return two() ? home_->node : global_.node; }
  const overlay::Contact& self() const { return global_.node.self(); }
  /// Brokers of this region that were met in the global ring and are there, in the order of ids.
  std::vector<overlay::Contact> contacts_in(const std::string& region) const;
  /// Messages, contacts and seeds of other regions that were kept out of the home ring.
  std::uint64_t foreigners_refused() const { return gate_.refused(); }
  /// Messages for a ring that this broker is not in.
  std::uint64_t stray_messages() const { return stray_messages_; }

 private:
  struct Member {
    overlay::Node node;
    overlay::Effects effects;
  };

  Member& member(Scope ring) { return ring == Scope::kHome && home_ ? *home_ : global_; }
  void agree_on_life(Time now);
  /// Introduces whoever of this region is known in the global ring to the home ring.
  void introduce_neighbors(Time now);

  overlay::Timers home_timers_;
  overlay::Timers global_timers_;
  Member global_;
  std::optional<Member> home_;
  RegionGate gate_;
  std::string region_;
  std::set<overlay::Endpoint> foreign_seeds_;
  std::map<overlay::NodeId, overlay::Incarnation> introduced_;
  Time introduce_at_ = kNever;
  std::uint64_t rounds_ = 0;  // of introductions
  std::uint64_t stray_messages_ = 0;
};

}  // namespace phyllo::broker
