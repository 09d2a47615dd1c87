#include "sim/experiment/scribe_run.h"

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>

#include "base/random.h"
#include "sim/grove/woods.h"
#include "sim/network/end_nodes.h"

namespace phyllo::sim {
namespace {

using namespace std::chrono_literals;

constexpr Duration kStep = 20ms;
constexpr Duration kPatience = 1h;  // for anything to end
constexpr std::size_t kSubscriptionsAtOnce = 1'000;
constexpr std::size_t kPublicationsAtOnce = 10;
/// Newcomers at once: a small part of the ring, as if one came after the other.
constexpr std::size_t kPartAtOnce = 64;
constexpr std::size_t kMostAtOnce = 128;
/// Some rounds of the tables' own maintenance, as in a ring that has been there for a while.
constexpr Duration kRest = 4h;
/// So often each edge has its turn before anything is measured: a long way collapses bit by bit.
constexpr int kTurns = 6;
/// How much of the time each phase takes.
constexpr double kJoined = 0.7;
constexpr double kRested = 0.85;
constexpr double kSubscribed = 0.97;

overlay::NodeConfig quiet_node() {
  overlay::NodeConfig config{.timers = overlay::Timers::paper()};
  config.timers.heartbeat = 5min;
  config.timers.silence = 11min;
  config.timers.heal = 2h;
  config.timers.table_probe = 4h;
  config.timers.pause = 24h;
  return config;
}

class Trees {
 public:
  Trees(const ScribeRun& run, SeedProgress& progress)
      : run_(run),
        progress_(progress),
        random_(run.seed),
        graph_(transit_stub(run.network, random_.next())),
        nodes_(graph_),
        woods_({random_.next(), quiet_node(), run.forest,
                [this] { return std::make_unique<EndNodesModel>(nodes_); }}),
        groups_(draw_groups(run.sizes, run.nodes, random_)) {}

  TreesFound find() {
    progress_.may_abandon(woods_.queue());
    if (!join()) return failed("not all nodes joined within an hour of virtual time");
    rest();
    if (!subscribe()) return failed("not all subscriptions were live within an hour");
    TreeCensus census(groups_, nodes_);
    publish(census);
    TreesFound found = census.found();
    judge(found);
    return found;
  }

 private:
  bool join() {
    std::size_t before = 0;
    Time patience = woods_.queue().now() + kPatience;
    while (woods_.active() < run_.nodes) {
      const std::size_t active = woods_.active();
      const std::size_t room = std::clamp<std::size_t>(active / kPartAtOnce, 1, kMostAtOnce);
      while (woods_.size() < run_.nodes && woods_.size() < active + room) woods_.start_one();
      woods_.run_for(kStep);
      if (active > before) {
        before = active;
        patience = woods_.queue().now() + kPatience;
      }
      if (woods_.queue().now() > patience) return false;
      tell("joining", kJoined * static_cast<double>(active) / static_cast<double>(run_.nodes));
    }
    return true;
  }

  void rest() {
    const Time end = woods_.queue().now() + kRest;
    while (woods_.queue().now() < end) {
      woods_.run_for(10s);
      const Duration left = end - woods_.queue().now();
      tell("resting", kRested - (kRested - kJoined) * (left / 1.0s) / (kRest / 1.0s));
    }
  }

  bool subscribe() {
    struct Subscription {
      StationId member;
      std::size_t group;
    };
    std::vector<Subscription> all;
    for (std::size_t group = 0; group < groups_.size(); ++group) {
      for (const StationId member : groups_[group].members) all.push_back({member, group});
    }
    for (std::size_t i = 0; i < all.size(); ++i) {  // in any order
      std::swap(all[i], all[i + random_.below(all.size() - i)]);
      woods_.subscribe(all[i].member, groups_[all[i].group].topic);
      if (i % kSubscriptionsAtOnce != 0) continue;
      woods_.run_for(kStep);
      const double part = static_cast<double>(i) / static_cast<double>(all.size());
      tell("subscribing", kRested + (kSubscribed - kRested) * part);
    }
    const Time patience = woods_.queue().now() + kPatience;
    while (woods_.pending() > 0 && woods_.queue().now() < patience) woods_.run_for(1s);
    woods_.run_for(kTurns * run_.forest.refresh);
    return woods_.pending() == 0;
  }

  void publish(TreeCensus& census) {
    woods_.watch(&census);
    for (std::size_t group = 0; group < groups_.size(); ++group) {
      const TopicName& topic = groups_[group].topic;
      const StationId root = woods_.root_of(topic);
      census.published(group, root, woods_.queue().now());
      if (!woods_.publish(root, topic, group + 1)) continue;  // not delivered, then
      if (group % kPublicationsAtOnce != 0) continue;
      woods_.run_for(kStep);
      const double part = static_cast<double>(group) / static_cast<double>(groups_.size());
      tell("publishing", kSubscribed + (1 - kSubscribed) * part);
    }
    const Time patience = woods_.queue().now() + 1min;
    while (!census.complete() && woods_.queue().now() < patience) woods_.run_for(kStep);
    woods_.run_for(1s);  // for what comes twice
    woods_.watch(nullptr);
    tell("published", 1);
  }

  void judge(TreesFound& found) const {
    for (StationId node = 0; node < run_.nodes; ++node) {
      const std::size_t children = woods_.forest(node).stats().children;
      if (children == found.entries[node]) continue;
      found.violations.push_back("node " + std::to_string(node) + " has " +
                                 std::to_string(children) + " children and sent to " +
                                 std::to_string(found.entries[node]));
    }
    const auto none = [&](std::uint64_t count, std::string_view what) {
      if (count > 0) found.violations.push_back(std::to_string(count) + " " + std::string(what));
    };
    none(woods_.gaps(), "losses reported to subscribers");
    none(woods_.undecodable(), "unreadable messages");
    none(woods_.refused(), "refused subscriptions");
  }

  TreesFound failed(std::string why) const {
    TreesFound found;
    found.violations.push_back(std::move(why));
    return found;
  }

  void tell(std::string_view phase, double part) { progress_.update(phase, part, woods_.queue()); }

  const ScribeRun& run_;
  SeedProgress& progress_;
  Random random_;
  RouterGraph graph_;
  EndNodes nodes_;
  Woods woods_;
  std::vector<Group> groups_;
};

}  // namespace

multicast::ForestConfig quiet_forest() {
  auto config = multicast::ForestConfig::paper();
  config.heartbeat = 2min;
  config.parent_timeout = 10min;
  config.refresh = 4min;
  config.child_timeout = 20min;
  return config;
}

TreesFound run_trees(const ScribeRun& run, SeedProgress& progress) {
  return Trees(run, progress).find();
}

}  // namespace phyllo::sim
