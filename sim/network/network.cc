#include "sim/network/network.h"

#include <algorithm>

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

}  // namespace

Network::Network(EventQueue& queue, std::uint64_t seed, std::unique_ptr<LatencyModel> latency)
    : queue_(queue), random_(seed), latency_(std::move(latency)) {}

StationId Network::add_station_at(const StationPlace& place, Duration clock) {
  latency_->add_station(place, random_);
  Station station;
  station.clock = clock;
  station.up_link = up_link_;
  stations_.push_back(std::move(station));
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
    if (!endpoint.empty()) listeners_[endpoint] = id;
  }
  station.listening = host.self();
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
  Links own = std::exchange(station.links, {});
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
  const auto listener = listeners_.find(to.endpoint_from(sender->self().region()));
  if (listener == listeners_.end()) {
    report_disconnected(from, to.id(), from);
  } else {
    if (listener->second == from && to.id() == sender->self().id()) ++sent_to_self_;
    send_to(from, listener->second, to.id(), std::move(wire), *departs);
  }
  return Sent::kOnItsWay;
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

void Network::call(StationId station, const std::function<void(Time)>& what) {
  run(station, [&](Host&, Time now) { what(now); });
}

void Network::set_up_link(UpLink up_link) {
  up_link_ = up_link;
  for (Station& station : stations_) station.up_link = up_link;
}

void Network::cut_both_ways(StationId a, StationId b) {
  cut(a, b);
  cut(b, a);
}

void Network::mend_all() {
  cuts_.clear();
  for (Station& station : stations_) station.side = 0;
  rejoin(groups_);
  while (!clogs_.empty()) unclog(clogs_.begin()->first.first, clogs_.begin()->first.second);
}

std::optional<Network::Group> Network::cut_off(const std::vector<StationId>& members, Cut cut) {
  const Group group = ~groups_ & (groups_ + 1);  // the lowest bit that is free
  if (group == 0) return std::nullopt;
  groups_ |= group;
  for (const StationId member : members) {
    if (cut != Cut::kDeaf) stations_[member].muted |= group;
    if (cut != Cut::kMute) stations_[member].deafened |= group;
  }
  return group;
}

void Network::rejoin(Group group) {
  groups_ &= ~group;
  for (Station& station : stations_) {
    station.muted &= ~group;
    station.deafened &= ~group;
  }
}

void Network::unclog(StationId from, StationId to) {
  auto held = clogs_.extract({from, to});
  if (held.empty()) return;
  for (Flight& flight : held.mapped()) arrive(std::move(flight));
}

void Network::break_link(StationId a, StationId b) {
  for (const auto& [from, to] : {std::pair(a, b), std::pair(b, a)}) {
    if (Link* link = stations_[from].links.find(to)) link->number = ++last_link_;
  }
  if (running(b)) report_disconnected(a, stations_[b].host->self().id(), b);
  if (running(a)) report_disconnected(b, stations_[a].host->self().id(), a);
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

overlay::Wire Network::garbled(overlay::Wire wire) {
  if (!wire.body.empty() && random_.chance(0.5)) {
    std::string body(wire.body.view());
    garble(body);
    wire.body = Payload::from(std::move(body));
  } else {
    garble(wire.header);
  }
  return wire;
}

void Network::garble(std::string& bytes) {
  if (bytes.empty() || random_.chance(0.2)) bytes.insert(bytes.end(), random_.below(20), 'x');
  if (bytes.empty()) return;
  if (random_.chance(0.3)) bytes.resize(random_.below(bytes.size()) + 1);
  for (std::uint64_t flips = 1 + random_.below(8); flips > 0; --flips) {
    bytes[random_.below(bytes.size())] ^= static_cast<char>(1 << random_.below(8));
  }
}

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
  const std::uint32_t flight = flights_.put({from, link.peer, link.peer_life, link.number,
                                             stations_[from].host->self(), std::move(wire)});
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

void Network::deliver(Flight flight) {
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
  // Gone when the sender died: what it sent arrives.
  const Link* link = stations_[flight.from].links.find(flight.to);
  return link == nullptr || link->number == flight.link;
}

void Network::arrive(Flight flight) {
  if (!still_wanted(flight)) {
    trace_.add(queue_.now(), What::kLost, flight.from, flight.to, flight.wire);
    return;
  }
  Station& receiver = stations_[flight.to];
  if (!receiver.paused) return hand_over(std::move(flight));
  receiver.waiting.push_back([this, flight = std::move(flight)] { hand_over(flight); });
}

void Network::hand_over(Flight flight) {
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

void Network::run(StationId id, const std::function<void(Host&, Time)>& what) {
  Host* host = stations_[id].host;
  if (host == nullptr) return;
  what(*host, clock(id));
  plan_tick(id);
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
