#include "sim/swarm/swarm_watch.h"

#include <string>

#include "sim/oracle/cluster_oracle.h"

namespace phyllo::sim {
namespace {

/// Places of the ring that are looked at each time.
constexpr std::size_t kPlaces = 4;
/// Everything that was ever heard is gone through this seldom.
constexpr std::uint64_t kLooksPerReading = 8;

std::string name(const Cluster& cluster, StationId id) {
  return "#" + std::to_string(id) + " " + cluster.id(id).short_hex();
}

}  // namespace

SwarmWatch::SwarmWatch(const Cluster& cluster, const SwarmCase& swarm,
                       const std::vector<Invariant>& invariants)
    : cluster_(cluster), case_(swarm), invariants_(invariants), random_(swarm.seed) {
  const std::size_t leaf_set_size = swarm.broker.overlay.leaf_set_size;
  invariants_.push_back({"structure of leaf sets and tables", [leaf_set_size](const Cluster& all) {
                           Findings out;
                           for (const ClusterRing& ring : rings_of(all)) {
                             append(out, check_structures(ring.members, leaf_set_size));
                           }
                           return out;
                         }});
  invariants_.push_back({"bounds", [this](const Cluster&) { return full_queues(); }});
  invariants_.push_back(
      {"well-formed messages", [this](const Cluster&) { return bad_messages(); }});
  invariants_.push_back({"order", [this](const Cluster& all) {
                           if (looks_ % kLooksPerReading != 0) return Findings{};
                           return all.ledger().order_complaints();
                         }});
  if (!swarm.has_faults()) {
    invariants_.push_back(
        {"one root for each key", [this](const Cluster&) { return false_claims(); }});
  }
}

std::optional<Violation> SwarmWatch::look() {
  ++looks_;
  for (const Invariant& invariant : invariants_) {
    Findings findings = invariant.check(cluster_);
    if (!findings.empty()) return witness(cluster_, invariant.name, std::move(findings));
  }
  return std::nullopt;
}

/// What one broker writes, another one can read, if it comes as it was written.
Findings SwarmWatch::bad_messages() const {
  Findings out;
  for (const StationId id : cluster_.running()) {
    const broker::BrokerStats stats = cluster_.broker(id).stats();
    const auto complain = [&](std::uint64_t count, const char* what) {
      if (count == 0) return;
      out.push_back(name(cluster_, id) + " got " + std::to_string(count) + " malformed " + what);
    };
    complain(stats.malformed_peer_messages, "messages of peers");
    complain(stats.multicast.malformed, "messages of forests");
    complain(stats.clients.malformed_frames, "frames of programs");
  }
  if (cluster_.network().sent_to_self() > 0) out.push_back("a broker sent to itself");
  return out;
}

Findings SwarmWatch::full_queues() const {
  Findings out;
  const broker::BrokerConfig& limits = case_.broker;
  for (const StationId id : cluster_.running()) {
    const broker::BrokerStats stats = cluster_.broker(id).stats();
    if (stats.overlay.buffered_bytes > limits.overlay.buffer_bytes) {
      out.push_back(name(cluster_, id) + " buffers too much");
    }
    if (stats.multicast.ingress_bytes > limits.multicast.ingress_bytes) {
      out.push_back(name(cluster_, id) + " keeps too much for roots");
    }
    if (stats.clients.unacknowledged_bytes >
        stats.clients.clients * limits.clients.publish_window_bytes) {
      out.push_back(name(cluster_, id) + " took more of its programs than their windows allow");
    }
  }
  return out;
}

Findings SwarmWatch::false_claims() {
  Findings out;
  for (const ClusterRing& ring : rings_of(cluster_)) {
    append(out, check_claims(ring.members, border_keys(ring.members, kPlaces, random_)));
  }
  return out;
}

}  // namespace phyllo::sim
