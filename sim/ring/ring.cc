#include "sim/ring/ring.h"

#include <algorithm>

#include "base/check.h"
#include "sim/network/message_text.h"

namespace phyllo::sim {
namespace {

using namespace std::chrono_literals;
using State = overlay::StateChanged::State;

overlay::Place place_of(std::size_t machine, std::string region) {
  const std::string host = std::to_string(machine / 65536) + "." +
                           std::to_string(machine / 256 % 256) + "." +
                           std::to_string(machine % 256);
  return {std::move(region), overlay::Endpoint::parse("tcp://10." + host + ":7400").value(),
          overlay::Endpoint::parse("tcp://198." + host + ":7400").value()};
}

}  // namespace

Ring::Ring(Setup setup)
    : setup_(std::move(setup)),
      random_(setup_.seed),
      network_(queue_, random_.next(),
               setup_.latency ? setup_.latency() : std::make_unique<PlainModel>(setup_.plain)) {}

StationId Ring::add(overlay::NodeId id, const StationPlace& place) {
  Duration clock = Duration::zero();
  if (setup_.clock_spread > Duration::zero()) {
    clock = random_.around(setup_.clock_spread, 1.0) - setup_.clock_spread;
  }
  const StationId station = network_.add_station_at(place, clock);
  machines_.push_back({network_.contact(id, place_of(station, place.region)), nullptr});
  return station;
}

void Ring::rename(StationId member, overlay::NodeId id) {
  PHYLLO_CHECK(!network_.running(member));
  overlay::Contact& contact = machines_[member].contact;
  contact = network_.contact(id, contact.place());
}

void Ring::start(StationId id, const std::vector<StationId>& seeds) {
  Machine& machine = machines_[id];
  PHYLLO_CHECK(!network_.running(id));
  machine.process = std::make_unique<RingMember>(
      network_, id, setup_.node, machine.contact, random_.next(),
      RingMember::Observer{
          sent_, routed_, undecodable_,
          [this](StationId at, const overlay::Arrived& arrived) { delivered(at, arrived); },
          [this](StationId at, State state) { changed(at, state); }, effects_, setup_.keep});
  network_.boot(id, *machine.process);
  std::vector<overlay::Endpoint> endpoints;
  for (const StationId seed : seeds) {
    endpoints.push_back(machines_[seed].contact.endpoint_from(machine.contact.region()));
  }
  network_.call(id, [&](Time now) { machine.process->start(now, std::move(endpoints)); });
}

bool Ring::grow(std::size_t count, Duration limit) {
  for (std::size_t i = 0; i < count; ++i) {
    const StationId next = add();
    start(next, active_.empty() ? std::vector<StationId>{} : std::vector{active_.pick(random_)});
    if (!run_until([&] { return node(next).active(); }, limit, 1ms)) return false;
  }
  return true;
}

void Ring::leave(StationId id) {
  network_.call(id, [&](Time now) { member(id).leave(now); });
  kill(id, Death::kGoodbye);
}

void Ring::kill(StationId id, Death death) {
  network_.kill(id, death);
  active_.remove(id);
}

void Ring::changed(StationId id, State state) {
  if (state == State::kActive) {
    active_.add(id, this->id(id));
  } else {
    active_.remove(id);
  }
}

bool Ring::is_running(StationId id) const {
  if (!network_.running(id)) return false;
  const State state = node(id).state();
  return state != State::kLeft && state != State::kResigned;
}

std::vector<StationId> Ring::running() const {
  std::vector<StationId> found;
  for (StationId id = 0; id < machines_.size(); ++id) {
    if (is_running(id)) found.push_back(id);
  }
  return found;
}

std::vector<StationId> Ring::active() const {
  std::vector<StationId> found = running();
  std::erase_if(found, [&](StationId id) { return !node(id).active(); });
  return found;
}

bool Ring::all_active() const {
  const std::vector<StationId> all = running();
  return std::all_of(all.begin(), all.end(), [&](StationId id) { return node(id).active(); });
}

StationId Ring::pick(const std::vector<StationId>& members) {
  PHYLLO_CHECK(!members.empty());
  return members[random_.below(members.size())];
}

bool Ring::run_until(const std::function<bool()>& done, Duration limit, Duration step) {
  const Time end = queue_.now() + limit;
  while (!done()) {
    if (queue_.now() >= end) return false;
    queue_.run_until(std::min(end, queue_.now() + step));
  }
  return true;
}

std::uint64_t Ring::route(StationId from, overlay::Key key) {
  const std::uint64_t number = routed_.add({.key = key,
                                            .from = from,
                                            .sent = queue_.now(),
                                            .path = {},
                                            .deliveries = {},
                                            .undelivered = {}});
  network_.call(from, [&](Time now) { member(from).route(now, key, number); });
  return number;
}

void Ring::delivered(StationId at, const overlay::Arrived& arrived) {
  const auto number = routed_.number(arrived.message);
  PHYLLO_CHECK(number.has_value());
  Routed::Delivery delivery{at, queue_.now(), arrived.hops, std::nullopt};
  const overlay::NodeId closest = active_.root_of(arrived.key).value_or(id(at));
  if (overlay::closer(arrived.key, closest, id(at))) delivery.closer = closest;
  routed_[*number].deliveries.push_back(delivery);
}

std::string Ring::report(std::size_t messages) const {
  std::vector<StationId> order = running();
  std::sort(order.begin(), order.end(), [&](auto a, auto b) { return id(a) < id(b); });
  std::string text =
      "seed " + std::to_string(setup_.seed) + ", time " +
      std::to_string(static_cast<double>(queue_.now().time_since_epoch().count()) / 1e9) +
      " s, members in ring order:\n";
  for (const StationId member : order) {
    text += "  #" + std::to_string(member) + " " + describe(node(member)) + "\n";
  }
  return text + network_.trace().text(messages, describe_wire);
}

}  // namespace phyllo::sim
