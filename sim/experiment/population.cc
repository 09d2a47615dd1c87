#include "sim/experiment/population.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "sim/experiment/lookup_header.h"
#include "sim/experiment/replica_knowledge.h"
#include "sim/experiment/station_endpoint.h"
#include "sim/network/plain.h"

namespace phyllo::sim {
namespace {

using overlay::Arrived;
using overlay::Contact;
using overlay::Key;
using overlay::NodeId;
using State = overlay::StateChanged::State;

constexpr std::size_t kNowhere = static_cast<std::size_t>(-1);
/// After it is active, a newcomer's first messages are still part of its joining.
constexpr Duration kJoiningTail = std::chrono::seconds(5);

bool seeks_nearest(Lookup::Goal goal) {
  return goal == Lookup::Goal::kNearestReplica || goal == Lookup::Goal::kChosenReplica;
}

}  // namespace

Population::Population(const Setup& setup)
    : setup_(setup),
      random_(setup.seed),
      network_(queue_, random_.next(),
               setup.latency ? setup.latency() : std::make_unique<PlainModel>()),
      observer_{traffic_,
                [this](StationId at, Arrived arrival) { return arrived(at, std::move(arrival)); },
                [this](const overlay::Undelivered& failed) {
                  if (Lookup* lookup = lookup_of(failed.message)) {
                    lookup->end = Lookup::End::kGivenUp;
                    lookup->ended = queue_.now();
                  }
                },
                [this](StationId station, State state) { changed(station, state); },
                [this](NodeId joiner) {
                  const auto it = joining_.find(joiner);
                  if (it == joining_.end()) return;
                  inhabitants_[it->second]->add_joining(Errand::kJoin);
                  inhabitants_[it->second]->add_joining(Errand::kAck);
                }} {
  network_.set_weather({.jitter = setup.jitter});
  network_.trace().keep(0);
}

Population::~Population() = default;

StationId Population::birth_of(NodeId id) {
  const StationId station = network_.add_station();
  ids_.push_back(id);
  inhabitants_.emplace_back();
  place_in_active_.push_back(kNowhere);
  start(station);
  return station;
}

void Population::revive(StationId station) {
  PHYLLO_CHECK(!lives(station));
  start(station);
}

void Population::start(StationId station) {
  const overlay::Endpoint endpoint = endpoint_of(station);
  const NodeId id = ids_[station];
  inhabitants_[station] = std::make_unique<Inhabitant>(network_, station, setup_.node,
                                                       Contact(id, 0, {"", endpoint, endpoint}),
                                                       random_.next(), observer_);
  ++living_;
  joining_[id] = station;
  std::vector<overlay::Endpoint> seeds;
  if (!active_.empty()) seeds.push_back(endpoint_of(pick()));
  network_.boot(station, *inhabitants_[station]);
  network_.call(station, [&](Time now) { inhabitants_[station]->start(now, std::move(seeds)); });
}

bool Population::grow(std::size_t count, Duration limit,
                      const std::function<void(std::size_t)>& told) {
  for (std::size_t i = 0; i < count; ++i) {
    const StationId next = birth();
    if (!run_until([&] { return place_in_active_[next] != kNowhere; }, limit)) return false;
    told(i);
  }
  return true;
}

void Population::die(StationId station) {
  PHYLLO_CHECK(lives(station));
  no_longer_active(station);
  joining_.erase(node(station).self().id());
  network_.kill(station, Death::kSilent);
  inhabitants_[station].reset();
  --living_;
}

void Population::changed(StationId station, State state) {
  const NodeId id = node(station).self().id();
  if (state != State::kActive) return no_longer_active(station);
  if (place_in_active_[station] != kNowhere) return;
  place_in_active_[station] = active_.size();
  active_.push_back(station);
  ring_[id] = station;
  if (joining_.erase(id) > 0) {
    inhabitants_[station]->count_joining_until(network_.clock(station) + kJoiningTail);
  }
}

void Population::no_longer_active(StationId station) {
  const std::size_t place = place_in_active_[station];
  if (place == kNowhere) return;
  const StationId last = active_.back();
  active_[place] = last;
  place_in_active_[last] = place;
  active_.pop_back();
  place_in_active_[station] = kNowhere;
  ring_.erase(node(station).self().id());
}

std::vector<StationId> Population::closest(Key key, std::size_t count) const {
  std::vector<StationId> found;
  if (ring_.empty()) return found;
  // Two pointers that walk away from the key, one each way.
  const auto next = [&](auto it) { return ++it == ring_.end() ? ring_.begin() : it; };
  const auto before = [&](auto it) { return std::prev(it == ring_.begin() ? ring_.end() : it); };
  auto up = ring_.lower_bound(NodeId::at(key));
  if (up == ring_.end()) up = ring_.begin();
  auto down = before(up);
  while (found.size() < std::min(count, ring_.size())) {
    if (closer(key, up->first, down->first) || up == down) {
      found.push_back(up->second);
      up = next(up);
    } else {
      found.push_back(down->second);
      down = before(down);
    }
  }
  return found;
}

std::size_t Population::look_up(StationId from, Key key, Lookup::Goal goal, std::size_t replicas) {
  const std::size_t number = lookups_.size();
  lookups_.push_back({.key = key,
                      .goal = goal,
                      .replicas = replicas,
                      .from = from,
                      .sent = queue_.now(),
                      .seen_at = from});
  network_.call(from, [&](Time now) {
    Lookup& lookup = lookups_[number];
    const overlay::Contact& self = node(from).self();
    LookupHeader header;
    header.number = number;
    if (seeks_nearest(goal)) header.closest = self.id();
    if (goal == Lookup::Goal::kChosenReplica) header.sender = node(from).coordinate();
    Arrived start{key, self, self, 0, node(from).is_root(key), {header.text(), {}}, {}};
    auto next = onward(lookup, from, std::move(start));
    if (next) {
      inhabitants_[from]->forward(now, std::move(*next));
    } else {
      lookup.end = Lookup::End::kReached;
      lookup.ended = queue_.now();
    }
  });
  return number;
}

Lookup* Population::lookup_of(const overlay::AppMessage& message) {
  const auto header = LookupHeader::parse(message.header);
  return header && header->number < lookups_.size() ? &lookups_[header->number] : nullptr;
}

std::optional<Arrived> Population::arrived(StationId at, Arrived arrival) {
  Lookup* lookup = lookup_of(arrival.message);
  PHYLLO_CHECK(lookup != nullptr);
  if (lookup->seen_at != at) {
    lookup->way += network_.latency(lookup->seen_at, at);
    lookup->seen_at = at;
    lookup->hops = arrival.hops;
  }
  const bool at_root = arrival.at_root;
  auto next = onward(*lookup, at, std::move(arrival));
  if (next || lookup->end != Lookup::End::kUnderWay) return next;
  const bool wrong = at_root && closest(lookup->key, 1).front() != at;
  lookup->end = wrong ? Lookup::End::kWrong : Lookup::End::kReached;
  lookup->ended = queue_.now();
  return std::nullopt;
}

std::optional<Arrived> Population::onward(const Lookup& lookup, StationId at,
                                          Arrived arrival) const {
  using Goal = Lookup::Goal;
  if (!seeks_nearest(lookup.goal)) {
    const bool ends = arrival.at_root || (lookup.goal == Goal::kAnyReplica && holds(at, lookup));
    return ends ? std::nullopt : std::optional(std::move(arrival));
  }
  LookupHeader header = *LookupHeader::parse(arrival.message.header);
  const NodeId self = node(at).self().id();
  if (closer(lookup.key, self, *header.closest)) header.closest = self;
  if (arrival.at_root || holds(at, lookup)) {
    if (lookup.goal != Goal::kChosenReplica || header.chosen) return std::nullopt;
    header.chosen = true;
    arrival.redirect = node(at).nearest_replica(lookup.key, lookup.replicas, header.sender);
    if (!arrival.redirect || arrival.redirect->id() == self) return std::nullopt;
  } else if (node(at).active()) {
    arrival.redirect = likely_replica(node(at), lookup.key, lookup.replicas, *header.closest);
  }
  arrival.message.header = header.text();
  return arrival;
}

/// Whether it is one of the replicas.
bool Population::holds(StationId at, const Lookup& lookup) const {
  const std::vector<StationId> holders = closest(lookup.key, lookup.replicas);
  return std::find(holders.begin(), holders.end(), at) != holders.end();
}

bool Population::run_until(const std::function<bool()>& done, Duration limit) {
  const Time end = queue_.now() + limit;
  while (!done()) {
    if (!queue_.run_next(end)) return done();
  }
  return true;
}

}  // namespace phyllo::sim
