#include "overlay/reliable_hop.h"

#include <algorithm>

namespace phyllo::overlay {
namespace {

constexpr std::size_t kParcelOverhead = 256;
constexpr std::size_t kContactBytes = 128;
constexpr int kLongestBackoff = 4;  // times the first wait

}  // namespace

std::size_t Parcel::bytes() const {
  if (const auto* join = std::get_if<JoinRequest>(&cargo)) {
    return kParcelOverhead + join->rows.size() * kContactBytes;
  }
  return kParcelOverhead + std::get<AppMessage>(cargo).size();
}

void ReliableHop::start(Turn& turn) {
  // A driver may give a restarted node the same seed; the time makes its life another one.
  const auto time = static_cast<std::uint64_t>(turn.now.time_since_epoch().count());
  life_ = Random(view_.random.next() ^ time).next();
}

bool ReliableHop::room_for(const Parcel& parcel) const {
  return bytes_ + parcel.bytes() <= view_.config.buffer_bytes;
}

void ReliableHop::send(Turn& turn, Parcel parcel, const std::optional<Contact>& redirect) {
  if (!room_for(parcel)) {
    ++view_.stats.buffer_limit_drops;
    undelivered(turn, std::move(parcel), Undelivered::Reason::kQueueLimit);
    return;
  }
  if (redirect && redirect->id() != view_.self.id() && view_.active()) {
    return launch(turn, std::move(parcel), {Route::Kind::kHop, redirect}, {});
  }
  dispatch(turn, std::move(parcel), {});
}

void ReliableHop::dispatch(Turn& turn, Parcel parcel, std::vector<NodeId> tried) {
  const auto joiner = parcel.joins() ? std::optional(parcel.origin.id()) : std::nullopt;
  const Route route = view_.route_to(parcel.key, tried, joiner);
  if (!view_.active() || route.kind == Route::Kind::kStuck) {
    bytes_ += parcel.bytes();
    kept_.push_back({std::move(parcel), false});
  } else if (route.kind == Route::Kind::kHere) {
    arrivals_.push_back(std::move(parcel));
  } else {
    launch(turn, std::move(parcel), route, std::move(tried));
  }
}

void ReliableHop::launch(Turn& turn, Parcel parcel, const Route& route, std::vector<NodeId> tried) {
  bytes_ += parcel.bytes();
  const std::uint64_t number = ++last_number_;
  const bool last_hop = route.kind == Route::Kind::kLastHop;
  if (route.kind == Route::Kind::kHop && !view_.table.next_for(parcel.key))
    hole_ = Hole{parcel.key, *route.next};
  Flight flight{std::move(parcel), *route.next, last_hop, 0,
                turn.now,          turn.now,    {},       std::move(tried)};
  by_peer_[flight.to.id()].insert(number);
  Flight& launched = flights_.emplace(number, std::move(flight)).first->second;
  ++view_.stats.hops_sent;
  transmit(turn, number, launched);
}

void ReliableHop::transmit(Turn& turn, std::uint64_t number, Flight& flight) {
  const Parcel& parcel = flight.parcel;
  const std::uint64_t settled = *by_peer_[flight.to.id()].begin();
  view_.send(turn, flight.to,
             Hop{life_, number, settled, parcel.key, parcel.origin, parcel.hops + 1, parcel.cargo});
  const Peer* peer = view_.peers.find(flight.to.id());
  const Duration first =
      (peer ? peer->round_trip : RoundTrip()).timeout(view_.config.timers.minimum_rto);
  flight.timeout =
      ++flight.transmissions == 1 ? first : std::min(flight.timeout * 2, first * kLongestBackoff);
  deadlines_.erase({flight.deadline, number});
  flight.sent = turn.now;
  flight.deadline = turn.now + flight.timeout;
  deadlines_.insert({flight.deadline, number});
}

bool ReliableHop::received(Turn& turn, const Contact& from, Hop hop) {
  Parcel parcel{hop.key, std::move(hop.origin), from, hop.hops, std::move(hop.cargo)};
  if (!view_.active() && !room_for(parcel)) {
    ++view_.stats.buffer_limit_drops;
    return false;
  }
  view_.send(turn, from, HopAck{hop.life, hop.hop});
  if (!window_.first(from.id(), hop.life, hop.hop, hop.settled)) {
    ++view_.stats.hop_duplicates;
    return false;
  }
  if (parcel.hops > view_.config.hop_limit) {
    ++view_.stats.hop_limit_drops;
    undelivered(turn, std::move(parcel), Undelivered::Reason::kHopLimit);
    return false;
  }
  if (view_.active()) {
    arrivals_.push_back(std::move(parcel));
  } else {
    bytes_ += parcel.bytes();
    kept_.push_back({std::move(parcel), true});
  }
  return true;
}

void ReliableHop::acked(Turn& turn, NodeId from, const HopAck& ack) {
  const auto it = ack.life == life_ ? flights_.find(ack.hop) : flights_.end();
  if (it == flights_.end() || it->second.to.id() != from) {
    ++view_.stats.stale_messages;
    return;
  }
  const Flight flight = land(it);
  Peer* peer = view_.peers.find(from);
  // Karn 1987: after a retransmission nobody knows which one was acknowledged.
  if (peer && flight.transmissions == 1) peer->round_trip.add(turn.now - flight.sent);
}

ReliableHop::Flight ReliableHop::land(Flights::iterator it) {
  const std::uint64_t number = it->first;
  Flight flight = std::move(it->second);
  flights_.erase(it);
  deadlines_.erase({flight.deadline, number});
  const auto peer = by_peer_.find(flight.to.id());
  peer->second.erase(number);
  if (peer->second.empty()) by_peer_.erase(peer);
  bytes_ -= flight.parcel.bytes();
  return flight;
}

void ReliableHop::peer_lost(Turn& turn, NodeId peer) {
  const auto it = by_peer_.find(peer);
  if (it == by_peer_.end()) return;
  const std::set<std::uint64_t> numbers = it->second;
  for (const std::uint64_t number : numbers) {
    Flight flight = land(flights_.find(number));
    ++view_.stats.hops_rerouted;
    dispatch(turn, std::move(flight.parcel), std::move(flight.tried));
  }
}

void ReliableHop::release(Turn& turn) {
  if (!view_.active()) return;
  for (Kept& kept : std::exchange(kept_, {})) {
    bytes_ -= kept.parcel.bytes();
    if (kept.arrived) {
      arrivals_.push_back(std::move(kept.parcel));
    } else {
      dispatch(turn, std::move(kept.parcel), {});
    }
  }
}

void ReliableHop::abandon(Turn& turn) {
  while (!flights_.empty()) {
    undelivered(turn, land(flights_.begin()).parcel, Undelivered::Reason::kLeaving);
  }
  for (Kept& kept : std::exchange(kept_, {})) {
    undelivered(turn, std::move(kept.parcel), Undelivered::Reason::kLeaving);
  }
  bytes_ = 0;
}

void ReliableHop::undelivered(Turn& turn, Parcel parcel, Undelivered::Reason reason) {
  if (parcel.joins()) return;  // the joiner asks again
  turn.out.push_back(
      Undelivered{parcel.key, std::get<AppMessage>(std::move(parcel.cargo)), reason});
}

void ReliableHop::tick(Turn& turn) {
  while (!deadlines_.empty() && deadlines_.begin()->first <= turn.now) {
    timed_out(turn, flights_.find(deadlines_.begin()->second));
  }
}

void ReliableHop::timed_out(Turn& turn, Flights::iterator it) {
  Flight& flight = it->second;
  const NodeId to = flight.to.id();
  prober_.doubt(turn, flight.to,
                view_.leaves.find(to) ? Prober::Purpose::kLeafSet : Prober::Purpose::kTable);
  ++view_.stats.hops_retransmitted;

  std::vector<NodeId> tried = flight.tried;
  if (!flight.last_hop && std::find(tried.begin(), tried.end(), to) == tried.end()) {
    tried.push_back(to);
  }
  const auto joiner =
      flight.parcel.joins() ? std::optional(flight.parcel.origin.id()) : std::nullopt;
  const Route route = view_.route_to(flight.parcel.key, tried, joiner);
  if (route.next && route.next->id() == to) {
    flight.tried = std::move(tried);
    flight.last_hop = route.kind == Route::Kind::kLastHop;
    transmit(turn, it->first, flight);
    return;
  }
  ++view_.stats.hops_rerouted;
  Flight landed = land(it);
  dispatch(turn, std::move(landed.parcel), std::move(tried));
}

}  // namespace phyllo::overlay
