#include "broker/core/queries.h"

#include <utility>
#include <vector>

namespace phyllo::broker {
namespace {

/// No measured round trip, whatever the region, comes near it: what is longer was never measured.
constexpr Duration kUnmeasured = std::chrono::minutes(1);

std::uint64_t rtt_microseconds(const overlay::Node& node, const overlay::Contact& peer,
                               double cross_region_factor) {
  const Duration proximity = node.proximity(peer.id());
  if (proximity >= kUnmeasured || proximity < Duration::zero()) return 0;
  const bool local = peer.region() == node.self().region();
  const double factor = local ? 1.0 : cross_region_factor;
  const std::chrono::duration<double, std::micro> micros = proximity;
  return static_cast<std::uint64_t>(micros.count() / factor);
}

std::vector<client::PeerInfo> describe(const overlay::Node& node,
                                       const std::vector<overlay::Contact>& peers, double factor) {
  std::vector<client::PeerInfo> infos;
  infos.reserve(peers.size());
  for (const auto& peer : peers) {
    const int row = overlay::shared_digits(node.self().id(), peer.id());
    const int column = row < overlay::kDigits ? peer.id().digit(row) : 0;
    infos.push_back({peer, rtt_microseconds(node, peer, factor), static_cast<std::uint32_t>(row),
                     static_cast<std::uint32_t>(column)});
  }
  return infos;
}

client::RingInfo describe(const overlay::Node& node, double factor) {
  return {overlay::to_string(node.state()), describe(node, node.left_leaves(), factor),
          describe(node, node.right_leaves(), factor),
          describe(node, node.routing_table(), factor)};
}

}  // namespace

client::PeersAnswer describe_peers(const Rings& rings, double cross_region_factor) {
  client::RingInfo trees = describe(rings.home(), cross_region_factor);
  client::PeersAnswer answer{{rings.self(), 0, 0, 0},
                             std::move(trees.state),
                             std::move(trees.left_leaves),
                             std::move(trees.right_leaves),
                             std::move(trees.table),
                             0,
                             0,
                             0};
  if (rings.two()) answer.global_ring = describe(rings.global(), cross_region_factor);
  return answer;
}

bool Requests::full(SessionId session) const {
  if (askers_.size() >= maximum_) return true;
  const auto own = per_session_.find(session);
  return own != per_session_.end() && own->second >= maximum_per_session_;
}

void Requests::started(std::uint64_t number, Asker asker) {
  ++per_session_[asker.session];
  askers_.emplace(number, std::move(asker));
}

std::optional<Requests::Asker> Requests::finished(std::uint64_t number) {
  auto found = askers_.extract(number);
  if (found.empty()) return std::nullopt;
  const auto own = per_session_.find(found.mapped().session);
  if (--own->second == 0) per_session_.erase(own);
  return std::move(found.mapped());
}

}  // namespace phyllo::broker
