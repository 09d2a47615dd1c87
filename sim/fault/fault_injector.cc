#include "sim/fault/fault_injector.h"

#include <algorithm>
#include <cmath>

namespace phyllo::sim {
namespace {

/// An SDK gives a broker up that let three of its heartbeats pass.
constexpr Duration kClientPatience = 3 * broker::ClientLimits{}.heartbeat;

}  // namespace

FaultInjector::FaultInjector(Cluster& cluster, std::vector<StationId> seeds, Weather weather)
    : cluster_(cluster), seeds_(std::move(seeds)), weather_(weather) {}

void FaultInjector::carry_out(const FaultPlan& plan) {
  for (const TimedFault& fault : plan) {
    cluster_.after(fault.at, [this, what = fault.what] { apply(what); });
  }
}

void FaultInjector::apply(const Fault& fault) {
  const bool done = std::visit([this](const auto& what) { return start(what); }, fault);
  ++(done ? applied_ : left_out_);
}

void FaultInjector::heal() {
  while (!in_force_.empty()) end(in_force_.begin()->first);
}

bool FaultInjector::start(const Crash& crash) {
  if (!cluster_.running(crash.broker)) return false;
  cluster_.kill(crash.broker, crash.how);
  draining_.erase(crash.broker);
  return true;
}

bool FaultInjector::start(const MassCrash& crash) {
  std::vector<StationId> running = cluster_.running();
  if (running.empty()) return false;
  const auto share = std::llround(crash.share * static_cast<double>(running.size()));
  Random dice(crash.dice);
  for (auto left = std::max<long long>(share, 1); left > 0; --left) {
    const auto victim = running.begin() + static_cast<std::ptrdiff_t>(dice.below(running.size()));
    start(Crash{*victim, crash.how});
    running.erase(victim);
  }
  return true;
}

bool FaultInjector::start(const Restart& restart) {
  if (cluster_.running(restart.broker)) return false;
  cluster_.start(restart.broker, seeds_);
  draining_.erase(restart.broker);
  return true;
}

bool FaultInjector::start(const Drain& drain) {
  if (!cluster_.running(drain.broker) || cluster_.network().paused(drain.broker)) return false;
  if (!draining_.insert(drain.broker).second) return false;
  cluster_.drain(drain.broker);
  return true;
}

bool FaultInjector::start(const Pause& pause) {
  const StationId id = pause.broker;
  if (!cluster_.running(id) || cluster_.network().paused(id)) return false;
  cluster_.pause(id);
  put_in_force(pause, pause.lasts);
  cluster_.after(kClientPatience, [this, id, number = last_number_] {
    if (in_force_.contains(number) && cluster_.running(id)) cluster_.abandon(id);
  });
  return true;
}

bool FaultInjector::start(const Partition& partition) {
  const auto group = cluster_.network().cut_off(partition.group, partition.cut);
  if (!group) return false;
  put_in_force(partition, partition.lasts).group = group;
  return true;
}

bool FaultInjector::start(const Clog& clog) {
  cluster_.network().clog(clog.from, clog.to);
  put_in_force(clog, clog.lasts);
  return true;
}

bool FaultInjector::start(const BrokenLink& link) {
  if (!cluster_.running(link.one) || !cluster_.running(link.other)) return false;
  cluster_.network().break_link(link.one, link.other);
  return true;
}

bool FaultInjector::start(const BrokenSessions& broken) {
  if (!cluster_.running(broken.broker)) return false;
  cluster_.break_connections(broken.broker);
  return true;
}

bool FaultInjector::start(const Heal&) {
  heal();
  return true;
}

/// What changes the weather: nothing else is left.
template <class Storm>
bool FaultInjector::start(const Storm& storm) {
  put_in_force(storm, storm.lasts);
  set_weather();
  return true;
}

FaultInjector::InForce& FaultInjector::put_in_force(Fault fault, Duration lasts) {
  const Number number = ++last_number_;
  cluster_.after(lasts, [this, number] { end(number); });
  return in_force_[number] = InForce{std::move(fault), {}};
}

void FaultInjector::end(Number number) {
  const auto ended = in_force_.extract(number);
  if (!ended.empty()) undo(ended.mapped());
}

void FaultInjector::undo(const InForce& ended) {
  if (ended.group) return cluster_.network().rejoin(*ended.group);
  if (const auto* pause = std::get_if<Pause>(&ended.fault)) {
    if (cluster_.running(pause->broker)) cluster_.resume(pause->broker);
  } else if (const auto* clog = std::get_if<Clog>(&ended.fault)) {
    const bool still = std::ranges::any_of(in_force_, [&](const auto& other) {
      const auto* same = std::get_if<Clog>(&other.second.fault);
      return same != nullptr && same->from == clog->from && same->to == clog->to;
    });
    if (!still) cluster_.network().unclog(clog->from, clog->to);
  } else {
    set_weather();
  }
}

void FaultInjector::set_weather() {
  Weather worst = weather_;
  for (const auto& [number, one] : in_force_) {
    if (const auto* loss = std::get_if<Loss>(&one.fault)) {
      worst.loss = std::max(worst.loss, loss->chance);
    } else if (const auto* corruption = std::get_if<Corruption>(&one.fault)) {
      worst.corruption = std::max(worst.corruption, corruption->chance);
    } else if (const auto* duplication = std::get_if<Duplication>(&one.fault)) {
      worst.duplication = std::max(worst.duplication, duplication->chance);
    } else if (const auto* spikes = std::get_if<Spikes>(&one.fault)) {
      worst.spike_chance = std::max(worst.spike_chance, spikes->chance);
      worst.spike = std::max(worst.spike, spikes->extra);
    }
  }
  cluster_.network().set_weather(worst);
}

}  // namespace phyllo::sim
