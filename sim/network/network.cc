#include "sim/network/network.h"

#include <algorithm>
#include <bit>

#include "base/check.h"

namespace phyllo::sim {
namespace {

using namespace std::chrono_literals;
using What = NetworkTrace::What;

/// After this long without an answer a dial has failed, as in the transport.
constexpr Duration kHandshake = 3s;
/// A machine where nobody listens refuses this soon.
constexpr Duration kNobodyThere = 100us;

/// Events of the network: a tick of a station, or the arrival of a flight.
constexpr std::uint64_t kTick = std::uint64_t{1} << 32;

constexpr std::size_t kCacheLine = 64;
/// Bytes that a message is sure to need: of stations, and at least of any host.
constexpr std::size_t kHotPart = 128;
constexpr std::size_t kHostPart = 128;

void bring(const void* bytes, std::size_t size) {
  for (std::size_t at = 0; at < size; at += kCacheLine) {
    __builtin_prefetch(static_cast<const char*>(bytes) + at);
  }
}

}  // namespace

Network::Network(EventQueue& queue, std::uint64_t seed, std::unique_ptr<LatencyModel> latency)
    : queue_(queue), random_(seed), latency_(std::move(latency)) {}

StationId Network::add_station_at(const StationPlace& place, Duration clock) {
  latency_->add_station(place, random_);
  Station station;
  station.clock = clock;
  station.up_link = up_link_;
  stations_.push_back(std::move(station));
  if (remembered_.size() < stations_.size()) {
    remembered_.assign(std::bit_ceil(4 * stations_.size()), {});
  }
  return static_cast<StationId>(stations_.size() - 1);
}

void Network::boot(StationId id, Host& host) {
  Station& station = stations_[id];
  PHYLLO_CHECK(station.host == nullptr);
  stop_listening(id);
  station.host = &host;
  ++station.life;
  station.paused = false;
  station.waiting.clear();
  station.wake = kNever;
  const overlay::Place& place = host.self().place();
  for (const overlay::Endpoint& endpoint : {place.local, place.wan}) {
    if (endpoint.empty()) continue;
    const auto [known, is_new] = listeners_.try_emplace(endpoint, id);
    if (!is_new) stations_[std::exchange(known->second, id)].place = nullptr;
  }
  station.listening = host.self();
  const bool everywhere = !place.local.empty() && !place.wan.empty();
  station.place = everywhere ? station.listening->known_place().get() : nullptr;
  trace_.add(queue_.now(), What::kBooted, id, id);
  plan_tick(id);
}

void Network::kill(StationId id, Death death) {
  Station& station = stations_[id];
  if (station.host == nullptr) return;
  const overlay::NodeId name = station.host->self().id();
  station.host = nullptr;
  station.waiting.clear();
  trace_.add(queue_.now(), What::kKilled, id, id);
  Links own = station.links.take_all();
  if (death == Death::kSilent) return;
  stop_listening(id);
  for (StationId peer = 0; peer < stations_.size(); ++peer) {
    const bool connected = own.find(peer) != nullptr;
    const bool was_connected = stations_[peer].links.erase(id);
    if (death == Death::kGoodbye || peer == id || blocked(id, peer)) continue;
    if (connected || was_connected) report_disconnected(peer, name, id);
  }
}

void Network::stop_listening(StationId id) {
  auto& listening = stations_[id].listening;
  stations_[id].place = nullptr;
  if (!listening) return;
  for (const auto& endpoint : {listening->place().local, listening->place().wan}) {
    const auto it = listeners_.find(endpoint);
    if (it != listeners_.end() && it->second == id) listeners_.erase(it);
  }
  listening.reset();
}

void Network::pause(StationId id) {
  stations_[id].paused = true;
  trace_.add(queue_.now(), What::kPaused, id, id);
}

void Network::resume(StationId id) {
  Station& station = stations_[id];
  if (!station.paused) return;
  station.paused = false;
  trace_.add(queue_.now(), What::kResumed, id, id);
  // An event loop may look at its sockets or at its timers first when it wakes.
  const bool timers_first = random_.chance(0.5);
  if (timers_first) tick(id);
  const std::uint32_t life = station.life;
  for (auto& action : std::exchange(station.waiting, {})) {
    if (stations_[id].life == life && stations_[id].host != nullptr) action();
  }
  if (!timers_first) tick(id);
}

Network::Sent Network::send(StationId from, const overlay::Contact& to, overlay::Wire&& wire) {
  const Host* sender = stations_[from].host;
  PHYLLO_CHECK(sender != nullptr);
  const auto departs = departure(stations_[from], wire.size());
  if (!departs) {
    ++refused_by_up_links_;
    return Sent::kFull;
  }
  ++messages_sent_;
  bytes_sent_ += wire.size();
  const auto there = listener(*sender, to);
  if (!there) {
    report_disconnected(from, to.id(), from);
  } else {
    if (*there == from && to.id() == sender->self().id()) ++sent_to_self_;
    send_to(from, *there, to.id(), std::move(wire), *departs);
  }
  return Sent::kOnItsWay;
}

std::optional<StationId> Network::listener(const Host& sender, const overlay::Contact& to) {
  const overlay::KnownPlace* place = to.known_place().get();
  Listener& remembered = remembered_listener(place);
  // As long as the station holds this very place nobody else's can be where it lies in memory.
  if (remembered.place == place && stations_[remembered.station].place == place) {
    return remembered.station;
  }
  const auto found = listeners_.find(to.endpoint_from(sender.self().region()));
  if (found == listeners_.end()) return std::nullopt;
  if (stations_[found->second].place == place) remembered = {place, found->second};
  return found->second;
}

Network::Listener& Network::remembered_listener(const overlay::KnownPlace* place) {
  const auto address = reinterpret_cast<std::uintptr_t>(place);
  const std::uint64_t mixed = static_cast<std::uint64_t>(address) * 0x9e3779b97f4a7c15u;
  return remembered_[(mixed >> 32) & (remembered_.size() - 1)];
}

overlay::Contact Network::contact(overlay::NodeId id, const overlay::Place& place) {
  auto known = places_->of({place.region, place.local.text(), place.wan.text()});
  if (!known) return {id, 0, place};
  return overlay::Contact::at(*std::move(known), id, 0);
}

void Network::send_to(StationId from, StationId there, overlay::NodeId meant, overlay::Wire wire,
                      Time departs) {
  trace_.add(queue_.now(), What::kSent, from, there, wire);
  latency_->carried(from, there, wire);
  if (blocked(from, there) || stations_[there].host == nullptr || lost()) {
    trace_.add(queue_.now(), What::kLost, from, there, wire);
    return;
  }
  if (stations_[there].host->self().id() != meant) {  // the transport's "wrong node"
    return report_disconnected(from, meant, there);
  }
  Link& used = link(from, there);
  if (used.peer_life != stations_[there].life) {  // the other end does not know this connection
    stations_[from].links.erase(there);
    return report_disconnected(from, meant, there);
  }
  const Time arrival = std::max(departs + travel(from, there), used.last_arrival);
  used.last_arrival = arrival;
  if (weather_.corruption > 0 && random_.chance(weather_.corruption)) {
    wire = garbled(std::move(wire));
    trace_.add(queue_.now(), What::kGarbled, from, there, wire);
  }
  if (weather_.duplication > 0 && random_.chance(weather_.duplication)) {
    latency_->carried(from, there, wire);
    transmit(used, from, wire, arrival + travel(from, there));
  }
  transmit(used, from, std::move(wire), arrival);
}

void Network::dial(StationId from, const overlay::Endpoint& endpoint) {
  const auto fail_after = [this, from, endpoint](Duration delay) {
    const std::uint32_t life = stations_[from].life;
    queue_.after(delay, [this, from, endpoint, life] {
      if (stations_[from].life != life) return;
      enter(from, [endpoint](Host& host, Time now) { host.dial_failed(now, endpoint); });
    });
  };
  const auto listener = listeners_.find(endpoint);
  if (listener == listeners_.end()) return fail_after(kNobodyThere);
  const StationId there = listener->second;
  const bool dark = stations_[there].host == nullptr || stations_[there].paused;
  const bool stuck = clogs_.contains({from, there}) || clogs_.contains({there, from});
  if (dark || stuck || blocked(from, there) || blocked(there, from)) return fail_after(kHandshake);
  const std::uint32_t life = stations_[from].life;
  queue_.after(travel(from, there), [this, from, there, endpoint, life, fail_after] {
    if (stations_[there].host == nullptr) return fail_after(kNobodyThere);
    const overlay::Contact found = stations_[there].host->self();
    queue_.after(travel(there, from), [this, from, endpoint, life, found] {
      if (stations_[from].life != life) return;
      enter(from, [endpoint, found](Host& host, Time now) { host.dialed(now, endpoint, found); });
    });
  });
}

bool Network::blocked(StationId from, StationId to) const {
  const Station& one = stations_[from];
  const Station& other = stations_[to];
  if (one.side != other.side) return true;
  if ((one.muted & ~other.muted) != 0 || (other.deafened & ~one.deafened) != 0) return true;
  return !cuts_.empty() && cuts_.contains({from, to});
}

std::optional<Time> Network::departure(Station& sender, std::size_t bytes) {
  const UpLink& up_link = sender.up_link;
  if (up_link.bytes_per_second == 0) return queue_.now();
  const auto rate = static_cast<double>(up_link.bytes_per_second);
  const Time begins = std::max(queue_.now(), sender.line_free);
  const double waiting = std::chrono::duration<double>(begins - queue_.now()).count() * rate;
  if (waiting + static_cast<double>(bytes) > static_cast<double>(up_link.queue_bytes)) {
    return std::nullopt;
  }
  const std::chrono::duration<double> sending(static_cast<double>(bytes) / rate);
  sender.line_free = begins + std::chrono::duration_cast<Duration>(sending);
  return sender.line_free;
}

bool Network::lost() { return weather_.loss > 0 && random_.chance(weather_.loss); }

Duration Network::travel(StationId from, StationId to) {
  Duration time = random_.around(latency(from, to), weather_.jitter);
  if (weather_.spike_chance > 0 && random_.chance(weather_.spike_chance)) time += weather_.spike;
  return time;
}

Link& Network::link(StationId from, StationId to) {
  Links& links = stations_[from].links;
  if (Link* known = links.find(to)) return *known;
  return links.add({to, stations_[to].life, ++last_link_, queue_.now()});
}

void Network::transmit(const Link& link, StationId from, overlay::Wire wire, Time arrival) {
  const Station& sender = stations_[from];
  const std::uint32_t flight =
      flights_.put({from, link.peer, link.peer_life, sender.links.changes(), link.number,
                    sender.host->self(), std::move(wire)});
  queue_.at(arrival, *this, flight);
}

void Network::due(std::uint64_t event) {
  const auto number = static_cast<std::uint32_t>(event);
  if (event < kTick) return deliver(flights_.take(number));
  Station& station = stations_[number];
  if (station.wake != queue_.now()) return;  // an earlier one was found meanwhile
  station.wake = kNever;
  tick(number);
}

void Network::foresee(std::uint64_t event, int step) const {
  const auto number = static_cast<std::uint32_t>(event);
  if (event >= kTick) {
    if (step == 1) bring(&stations_[number], kHotPart);
    if (step >= 2) foresee(stations_[number], overlay::NodeId(), step);
    return;
  }
  const Flight& flight = flights_[number];
  if (step == 0) return bring(&flight, sizeof flight);
  const Station& receiver = stations_[flight.to];
  if (step == 1) {
    bring(flight.wire.header.data(), flight.wire.header.size());
    bring(&stations_[flight.from], kHotPart);
    return bring(&receiver, kHotPart);
  }
  if (step == EventTarget::kSteps - 1) receiver.links.foresee(flight.from);
  foresee(receiver, flight.sender.id(), step);
}

void Network::foresee(const Station& receiver, overlay::NodeId from, int step) const {
  if (receiver.host == nullptr) return;
  if (step == 2) return bring(receiver.host, kHostPart);
  receiver.host->foresee(from, step - 3);
}

void Network::deliver(Flight&& flight) {
  if (!clogs_.empty()) {
    const auto clog = clogs_.find({flight.from, flight.to});
    if (clog != clogs_.end()) return clog->second.push_back(std::move(flight));
  }
  arrive(std::move(flight));
}

bool Network::still_wanted(const Flight& flight) {
  const Station& receiver = stations_[flight.to];
  if (receiver.life != flight.life || receiver.host == nullptr) return false;
  if (blocked(flight.from, flight.to)) return false;
  Links& links = stations_[flight.from].links;
  if (links.changes() == flight.link_changes) return true;
  // Gone when the sender died: what it sent arrives.
  const Link* link = links.find(flight.to);
  return link == nullptr || link->number == flight.link;
}

void Network::arrive(Flight&& flight) {
  if (!still_wanted(flight)) {
    trace_.add(queue_.now(), What::kLost, flight.from, flight.to, flight.wire);
    return;
  }
  Station& receiver = stations_[flight.to];
  if (!receiver.paused) return hand_over(std::move(flight));
  receiver.waiting.push_back(
      [this, flight = std::move(flight)]() mutable { hand_over(std::move(flight)); });
}

void Network::hand_over(Flight&& flight) {
  trace_.add(queue_.now(), What::kArrived, flight.from, flight.to, flight.wire);
  Host& host = *stations_[flight.to].host;
  host.receive(clock(flight.to), flight.sender, std::move(flight.wire));
  plan_tick(flight.to);
}

void Network::report_disconnected(StationId to, overlay::NodeId peer, StationId cause) {
  const std::uint32_t life = stations_[to].life;
  queue_.after(travel(cause, to), [this, to, peer, life, cause] {
    if (stations_[to].life != life) return;
    enter(to, [this, to, peer, cause](Host& host, Time now) {
      trace_.add(queue_.now(), What::kDisconnected, cause, to);
      host.disconnected(now, peer);
    });
  });
}

void Network::enter(StationId id, std::function<void(Host&, Time)> what) {
  Station& station = stations_[id];
  if (station.host == nullptr) return;
  if (!station.paused) return run(id, what);
  station.waiting.push_back([this, id, what = std::move(what)] { run(id, what); });
}

void Network::plan_tick(StationId id) {
  Station& station = stations_[id];
  if (station.host == nullptr) return;
  const Time local = station.host->next_tick();
  if (local == kNever) return;
  const Time when = std::max(local - station.clock, queue_.now());
  if (when >= station.wake) return;
  station.wake = when;
  queue_.at(when, *this, kTick | id);
}

void Network::tick(StationId id) {
  Station& station = stations_[id];
  if (station.host == nullptr || station.paused) return;
  if (station.host->next_tick() <= clock(id)) {
    run(id, [](Host& host, Time now) { host.tick(now); });
  } else {
    plan_tick(id);
  }
}

}  // namespace phyllo::sim
