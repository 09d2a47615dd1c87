#include "sim/scenario/scenario_run.h"

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <utility>

#include "base/topic_name.h"
#include "sim/cluster/cluster.h"
#include "sim/fault/fault_injector.h"
#include "sim/scenario/participant.h"

namespace phyllo::sim {
namespace {

using namespace std::chrono_literals;

constexpr Duration kJoinLimit = 10min;
constexpr Duration kSubscribeLimit = 10min;
/// After the end: what is under way may still arrive.
constexpr Duration kLinger = 10s;
/// Looks at progress and at the wish to stop, over the whole duration.
constexpr int kSlices = 500;

// Parts of the whole, for people who watch.
constexpr double kJoined = .2;
constexpr double kSubscribed = .3;

/// The same fault, for this broker.
void redirect(auto& fault, StationId broker) {
  if constexpr (requires { fault.broker; }) fault.broker = broker;
  if constexpr (requires { fault.group; }) fault.group = {broker};
}

class ScenarioRun {
 public:
  ScenarioRun(const Scenario& scenario, std::uint64_t seed, SeedProgress& shown,
              const Progress& progress)
      : scenario_(scenario),
        shown_(shown),
        progress_(progress),
        cluster_(
            {.seed = seed,
             .broker = scenario.broker,
             .latency = [&scenario] { return std::make_unique<RegionMatrix>(scenario.network); }}),
        measurement_(scenario),
        dice_(seed) {}

  ScenarioFindings run();

 private:
  bool start_brokers();
  bool start_programs();
  void start_publishers();
  void publish_regularly(std::size_t publisher);
  void plan_mishaps();
  void strike(const Scenario::Mishap& mishap);
  void measure();
  std::vector<TreeShape> trees() const;
  TreeShape tree_of(const std::string& topic) const;
  std::optional<StationId> elsewhere(StationId than);
  std::unique_ptr<Participant> make(Participant::Part part) {
    return std::make_unique<Participant>(cluster_, measurement_, std::move(part),
                                         [this](StationId than) { return elsewhere(than); });
  }
  StationId next_broker(std::size_t region);
  RegionMatrix& matrix() { return static_cast<RegionMatrix&>(cluster_.network().latency_model()); }

  const Scenario& scenario_;
  SeedProgress& shown_;
  const Progress& progress_;
  Cluster cluster_;
  Measurement measurement_;
  Random dice_;
  std::unique_ptr<FaultInjector> injector_;
  std::vector<StationId> seeds_;
  std::map<std::size_t, std::size_t> used_;  ///< brokers dealt out, by region
  std::vector<std::unique_ptr<Participant>> subscribers_;
  std::vector<std::unique_ptr<Participant>> publishers_;
  std::vector<std::size_t> topic_of_publisher_;
  bool publishing_ = false;
  ScenarioFindings found_;
};

ScenarioFindings ScenarioRun::run() {
  cluster_.network().set_weather(scenario_.weather);
  if (!start_brokers() || !start_programs()) return std::move(found_);
  injector_ = std::make_unique<FaultInjector>(cluster_, seeds_, scenario_.weather);
  start_publishers();
  cluster_.run_for(scenario_.settle);
  found_.trees = trees();
  measure();
  found_.topics = measurement_.topics();
  found_.aftermaths = measurement_.aftermaths();
  found_.deliveries_over_time = measurement_.deliveries_over_time();
  return std::move(found_);
}

/// One after the other, each through the first brokers of the regions.
bool ScenarioRun::start_brokers() {
  std::set<std::size_t> regions;
  for (const Scenario::Broker& broker : scenario_.brokers) {
    const std::string& region = scenario_.network.names[broker.region];
    const StationId station =
        broker.id ? cluster_.add_with_id(*broker.id, region) : cluster_.add(region);
    cluster_.start(station, seeds_);
    const auto active = [&] { return cluster_.broker(station).node().active(); };
    if (!cluster_.run_until(active, kJoinLimit)) {
      found_.violations.push_back("broker " + broker.name + " did not get into the ring");
      return false;
    }
    if (regions.insert(broker.region).second) seeds_.push_back(station);
    const double part =
        static_cast<double>(cluster_.size()) / static_cast<double>(scenario_.brokers.size());
    shown_.update("brokers join", kJoined * part, cluster_.queue());
    if (progress_.stop_wanted()) return false;
  }
  return true;
}

bool ScenarioRun::start_programs() {
  for (std::size_t topic = 0; topic < scenario_.topics.size(); ++topic) {
    const Scenario::Topic& wanted = scenario_.topics[topic];
    const std::size_t window = scenario_.broker.clients.publish_window_bytes;
    for (std::size_t region = 0; region < wanted.subscribers.size(); ++region) {
      for (std::size_t i = 0; i < wanted.subscribers[region]; ++i) {
        const std::size_t number = measurement_.add_subscription(topic);
        subscribers_.push_back(make({Participant::Role::kSubscriber, topic, wanted.name, 0, number,
                                     next_broker(region), window}));
      }
    }
  }
  shown_.update("programs subscribe", kJoined, cluster_.queue());
  const auto ready = [](const auto& program) { return program->ready(); };
  const bool all =
      cluster_.run_until([&] { return std::ranges::all_of(subscribers_, ready); }, kSubscribeLimit);
  if (all) return true;
  const auto waiting = std::ranges::count_if(subscribers_, std::not_fn(ready));
  found_.violations.push_back(std::to_string(waiting) + " subscriptions were not acknowledged");
  return false;
}

void ScenarioRun::start_publishers() {
  publishing_ = true;
  for (std::size_t topic = 0; topic < scenario_.topics.size(); ++topic) {
    const Scenario::Topic& wanted = scenario_.topics[topic];
    const std::size_t window = scenario_.broker.clients.publish_window_bytes;
    for (std::size_t region = 0; region < wanted.publishers.size(); ++region) {
      for (std::size_t i = 0; i < wanted.publishers[region]; ++i) {
        publishers_.push_back(make({Participant::Role::kPublisher, topic, wanted.name,
                                    publishers_.size() + 1, 0, next_broker(region), window}));
        topic_of_publisher_.push_back(topic);
        const double phase = dice_.unit() / wanted.rate;
        cluster_.after(std::chrono::duration_cast<Duration>(std::chrono::duration<double>(phase)),
                       [this, last = publishers_.size() - 1] { publish_regularly(last); });
      }
    }
  }
}

void ScenarioRun::publish_regularly(std::size_t publisher) {
  if (!publishing_) return;
  const Scenario::Topic& topic = scenario_.topics[topic_of_publisher_[publisher]];
  publishers_[publisher]->publish(topic.size);
  const std::chrono::duration<double> interval(1 / topic.rate);
  cluster_.after(std::chrono::duration_cast<Duration>(interval),
                 [this, publisher] { publish_regularly(publisher); });
}

void ScenarioRun::plan_mishaps() {
  for (const Scenario::Mishap& mishap : scenario_.mishaps) {
    cluster_.after(mishap.at, [this, &mishap] { strike(mishap); });
  }
}

void ScenarioRun::strike(const Scenario::Mishap& mishap) {
  std::string text = mishap.text;
  std::optional<StationId> root;
  if (mishap.root_of) {
    if (cluster_.running().empty()) return;
    root = cluster_.closest_to(*mishap.root_of);
    text += " (" + scenario_.brokers[*root].name + ")";
  }
  measurement_.struck(cluster_.now(), text);
  for (Fault fault : mishap.faults) {
    if (root) std::visit([&](auto& what) { redirect(what, *root); }, fault);
    injector_->apply(fault);
  }
}

void ScenarioRun::measure() {
  const Time begin = cluster_.now();
  matrix().forget_traffic();
  measurement_.begin(begin, begin + scenario_.duration);
  plan_mishaps();
  for (int slice = 1; slice <= kSlices && !progress_.stop_wanted(); ++slice) {
    cluster_.queue().run_until(begin + scenario_.duration * slice / kSlices);
    shown_.update("measuring", kSubscribed + (1 - kSubscribed) * slice / kSlices, cluster_.queue());
  }
  found_.measured = cluster_.now() - begin;
  measurement_.finish(cluster_.now());
  publishing_ = false;
  const std::size_t regions = scenario_.network.names.size();
  found_.traffic.resize(regions);
  for (std::size_t from = 0; from < regions; ++from) {
    for (std::size_t to = 0; to < regions; ++to) {
      found_.traffic[from].push_back(matrix().traffic(from, to));
    }
  }
  cluster_.run_for(kLinger);
}

std::vector<TreeShape> ScenarioRun::trees() const {
  std::vector<TreeShape> trees;
  for (const Scenario::Topic& topic : scenario_.topics) trees.push_back(tree_of(topic.name));
  return trees;
}

TreeShape ScenarioRun::tree_of(const std::string& topic) const {
  std::map<overlay::NodeId, multicast::TreeNode> parts;
  TreeShape shape;
  std::vector<overlay::NodeId> level;
  for (const StationId station : cluster_.active()) {
    auto part = cluster_.broker(station).forest().part_in(*TopicName::parse(topic));
    if (!part) continue;
    shape.fan_out = std::max(shape.fan_out, part->children.size());
    if (part->root) {
      shape.root = scenario_.brokers[station].name;
      level = {cluster_.id(station)};
    }
    parts.emplace(cluster_.id(station), std::move(*part));
  }
  shape.brokers = parts.size();
  for (std::size_t depth = 0; !level.empty() && depth <= parts.size(); ++depth) {
    shape.depth = depth;
    std::vector<overlay::NodeId> below;
    for (const overlay::NodeId node : level) {
      const auto found = parts.find(node);
      if (found == parts.end()) continue;
      below.insert(below.end(), found->second.children.begin(), found->second.children.end());
    }
    level = std::move(below);
  }
  return shape;
}

/// In the same region if there is one.
std::optional<StationId> ScenarioRun::elsewhere(StationId than) {
  std::vector<StationId> near;
  std::vector<StationId> all;
  for (const StationId station : cluster_.active()) {
    if (station == than || cluster_.broker(station).stats().draining) continue;
    all.push_back(station);
    if (scenario_.brokers[station].region == scenario_.brokers[than].region) {
      near.push_back(station);
    }
  }
  const std::vector<StationId>& choice = near.empty() ? all : near;
  if (choice.empty()) return std::nullopt;
  return choice[dice_.below(choice.size())];
}

/// Programs of a region take its brokers in turn.
StationId ScenarioRun::next_broker(std::size_t region) {
  std::vector<StationId> brokers;
  for (std::size_t i = 0; i < scenario_.brokers.size(); ++i) {
    if (scenario_.brokers[i].region == region) brokers.push_back(static_cast<StationId>(i));
  }
  return brokers[used_[region]++ % brokers.size()];
}

}  // namespace

Delays ScenarioFindings::delays() const {
  Delays all;
  for (const Measurement::OfTopic& topic : topics) all.add(topic.delays);
  return all;
}

std::uint64_t ScenarioFindings::delivered() const {
  std::uint64_t all = 0;
  for (const Measurement::OfTopic& topic : topics) all += topic.delivered;
  return all;
}

ScenarioFindings run_seed(const Scenario& scenario, std::uint64_t seed, SeedProgress& shown,
                          const Progress& progress) {
  return ScenarioRun(scenario, seed, shown, progress).run();
}

}  // namespace phyllo::sim
