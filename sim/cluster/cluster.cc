#include "sim/cluster/cluster.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "multicast/topic_id.h"

namespace phyllo::sim {
namespace {

using namespace std::chrono_literals;

/// From a program to its broker or back.
constexpr Duration kClientDelay = 50us;
/// A program notices this late that its broker is gone without a word.
constexpr Duration kClientPatience = 3s;

overlay::Place place_of(std::size_t machine, std::string region) {
  const std::string host =
      "10.0." + std::to_string(machine / 250) + "." + std::to_string(machine % 250 + 1);
  return {std::move(region), *overlay::Endpoint::parse("tcp://" + host + ":7400"),
          *overlay::Endpoint::parse("tcp://wan-" + std::to_string(machine) + ".example:7400")};
}

}  // namespace

Cluster::Cluster(Setup setup)
    : setup_(std::move(setup)),
      random_(setup_.seed),
      network_(queue_, random_.next(),
               setup_.latency ? setup_.latency() : std::make_unique<PlainModel>(setup_.plain)) {}

Cluster::~Cluster() = default;

// --- brokers ---

StationId Cluster::add(std::string region) {
  return add_with_id(overlay::NodeId::random(random_), std::move(region));
}

StationId Cluster::add_with_id(overlay::NodeId id, const StationPlace& place) {
  const StationId station = network_.add_station_at(place);
  machines_.push_back({overlay::Contact(id, 0, place_of(station, place.region)), nullptr, {}});
  return station;
}

void Cluster::start(StationId id, const std::vector<StationId>& seeds) {
  PHYLLO_CHECK(!network_.running(id));
  Machine& machine = machines_[id];
  if (machine.process) ended_.push_back(std::move(machine.process));
  broker::BrokerConfig config = setup_.broker;
  if (machine.fence) config.fence = *machine.fence;
  machine.process = std::make_unique<BrokerProcess>(
      network_, id, std::move(config), machine.contact, random_.next(),
      BrokerProcess::Gateway{
          [this](broker::SessionId session, overlay::Wire wire) { tell(session, std::move(wire)); },
          [this](broker::SessionId session, std::string) { hang_up(session); }});
  network_.boot(id, *machine.process);
  std::vector<overlay::Endpoint> endpoints;
  for (const StationId seed : seeds) {
    endpoints.push_back(machines_[seed].contact.endpoint_from(machine.contact.region()));
  }
  call(id, [endpoints](Time now, broker::Broker& broker, broker::Effects& out) {
    broker.start(now, endpoints, out);
  });
}

bool Cluster::grow(std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    const auto inside = active();
    const StationId next = add();
    start(next, inside.empty() ? std::vector<StationId>{} : std::vector{pick(inside)});
    if (!run_until([&] { return in_its_rings(next); }, 60s)) return false;
  }
  return true;
}

void Cluster::kill(StationId id, Death death) {
  network_.kill(id, death);
  machines_[id].waiting.clear();
  lose_connections(id, death);
}

void Cluster::break_connections(StationId id) {
  for (const auto& [session, connection] : connections_) {
    if (connection.broker != id) continue;
    after(kClientDelay, [this, id, session = session] {
      call(id, [session](Time now, broker::Broker& broker, broker::Effects& out) {
        broker.client_gone(now, session, out);
      });
    });
  }
  lose_connections(id, Death::kReported);
}

void Cluster::abandon(StationId id) {
  std::vector<std::pair<broker::SessionId, ClientEnd*>> parted;
  for (const auto& [session, connection] : connections_) {
    if (connection.broker == id) parted.emplace_back(session, connection.end);
  }
  for (const auto& [session, end] : parted) {
    close(session);
    end->connection_lost(session);
  }
}

void Cluster::drain(StationId id) {
  call(id, [](Time now, broker::Broker& broker, broker::Effects& out) { broker.drain(now, out); });
  watch_drain(id);
}

void Cluster::watch_drain(StationId id) {
  if (!network_.running(id)) return;
  if (process(id).stopped()) return kill(id, Death::kGoodbye);
  after(10ms, [this, id] { watch_drain(id); });
}

void Cluster::resume(StationId id) {
  network_.resume(id);
  for (auto& action : std::exchange(machines_[id].waiting, {})) action();
}

std::vector<StationId> Cluster::running() const {
  std::vector<StationId> found;
  for (StationId id = 0; id < machines_.size(); ++id) {
    if (network_.running(id)) found.push_back(id);
  }
  return found;
}

std::vector<StationId> Cluster::active() const {
  auto found = running();
  std::erase_if(found, [&](StationId id) { return !in_its_rings(id) || network_.paused(id); });
  return found;
}

bool Cluster::in_its_rings(StationId id) const {
  const broker::Rings& rings = broker(id).rings();
  return rings.home().active() && rings.global().active();
}

bool Cluster::all_active() const { return active().size() == running().size(); }

StationId Cluster::pick(const std::vector<StationId>& brokers) {
  PHYLLO_CHECK(!brokers.empty());
  return brokers[random_.below(brokers.size())];
}

std::optional<StationId> Cluster::station_of(overlay::NodeId node) const {
  for (StationId id = 0; id < machines_.size(); ++id) {
    if (machines_[id].contact.id() == node) return id;
  }
  return std::nullopt;
}

std::optional<StationId> Cluster::another_broker(StationId than) {
  auto others = active();
  std::erase_if(
      others, [&](StationId id) { return !share_trees(id, than) || broker(id).stats().draining; });
  // The only one of its region is there again, perhaps.
  const bool alone = setup_.broker.regions.size() > 1 && others == std::vector{than};
  if (!alone) std::erase(others, than);
  if (others.empty()) return std::nullopt;
  return pick(others);
}

StationId Cluster::closest_to(const std::string& topic, const std::vector<StationId>& among) const {
  const auto key = multicast::TopicId::of(*TopicName::parse(topic)).key();
  return *std::min_element(among.begin(), among.end(), [&](StationId a, StationId b) {
    return overlay::closer(key, id(a), id(b));
  });
}

// --- programs ---

Program& Cluster::program(StationId broker) {
  const std::size_t number = programs_.size() + 1;
  programs_.push_back(
      std::make_unique<Program>(*this, "program " + std::to_string(number), number, broker));
  return *programs_.back();
}

bool Cluster::all_live() const {
  return std::ranges::all_of(programs_, [](const auto& program) { return program->all_live(); });
}

bool Cluster::all_acknowledged() const {
  return std::ranges::all_of(programs_,
                             [](const auto& program) { return program->all_acknowledged(); });
}

// --- client connections ---

broker::SessionId Cluster::open(StationId id, ClientEnd& end) {
  const broker::SessionId session = ++last_session_;
  connections_[session] = {id, &end};
  after(kClientDelay, [this, id, session] {
    call(id, [session](Time now, broker::Broker& broker, broker::Effects& out) {
      broker.client_connected(now, session, out);
    });
  });
  return session;
}

void Cluster::send(broker::SessionId session, overlay::Wire wire) {
  const auto found = connections_.find(session);
  if (found == connections_.end()) return;
  after(kClientDelay, [this, id = found->second.broker, session, wire = std::move(wire)] {
    call(id, [session, wire](Time now, broker::Broker& broker, broker::Effects& out) {
      broker.client_message(now, session, wire, out);
    });
  });
}

void Cluster::close(broker::SessionId session) {
  const auto found = connections_.find(session);
  if (found == connections_.end()) return;
  const StationId id = found->second.broker;
  connections_.erase(found);
  after(kClientDelay, [this, id, session] {
    call(id, [session](Time now, broker::Broker& broker, broker::Effects& out) {
      broker.client_gone(now, session, out);
    });
  });
}

void Cluster::call(StationId id,
                   std::function<void(Time, broker::Broker&, broker::Effects&)> what) {
  if (!network_.running(id)) return;
  if (network_.paused(id)) {
    machines_[id].waiting.push_back([this, id, what = std::move(what)] { call(id, what); });
    return;
  }
  network_.call(id, [&](Time now) {
    process(id).with_broker(
        now, [&](broker::Broker& broker, broker::Effects& out) { what(now, broker, out); });
  });
}

void Cluster::tell(broker::SessionId session, overlay::Wire wire) {
  after(kClientDelay, [this, session, wire = std::move(wire)] {
    const auto found = connections_.find(session);
    if (found != connections_.end()) found->second.end->received(session, wire);
  });
}

void Cluster::hang_up(broker::SessionId session) {
  after(kClientDelay, [this, session] {
    const auto found = connections_.find(session);
    if (found == connections_.end()) return;
    ClientEnd* const end = found->second.end;
    connections_.erase(found);
    end->connection_lost(session);
  });
}

void Cluster::lose_connections(StationId id, Death death) {
  const Duration notice = death == Death::kSilent ? kClientPatience : kClientDelay;
  for (const auto& [session, connection] : connections_) {
    if (connection.broker != id) continue;
    after(notice, [this, session = session] { hang_up(session); });
  }
}

// --- time ---

bool Cluster::run_until(const std::function<bool()>& done, Duration limit) {
  const Time end = queue_.now() + limit;
  while (!done()) {
    if (queue_.now() >= end) return false;
    queue_.run_until(std::min(end, queue_.now() + 5ms));
  }
  return true;
}

}  // namespace phyllo::sim
