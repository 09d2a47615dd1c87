// How the dice make a case.

#include <algorithm>
#include <functional>

#include "sim/fault/disasters.h"
#include "sim/swarm/swarm_case.h"

namespace phyllo::sim {
namespace {

using namespace std::chrono_literals;

/// The first brokers are those that everybody joins through.
constexpr std::size_t kSeeds = 3;

class Dealer {
 public:
  Dealer(std::uint64_t seed, const SwarmCase::Bounds& bounds) : dice_(seed), bounds_(bounds) {
    case_.seed = seed;
  }

  SwarmCase deal() {
    cluster();
    faults();
    deeds();
    std::ranges::stable_sort(case_.steps, {}, &Step::at);
    return std::move(case_);
  }

 private:
  std::uint64_t below(std::uint64_t bound) { return dice_.below(bound); }
  std::uint64_t between(std::uint64_t least, std::uint64_t most) {
    return least + below(most - least + 1);
  }
  bool chance(double p) { return dice_.chance(p); }
  /// In whole milliseconds, which read well.
  Duration time(Duration least, Duration most) {
    return std::chrono::milliseconds(
        between(static_cast<std::uint64_t>(least / 1ms), static_cast<std::uint64_t>(most / 1ms)));
  }
  Duration moment() { return time(0s, bounds_.length); }
  template <class T>
  T one_of(std::initializer_list<T> some) {
    return *(some.begin() + below(some.size()));
  }

  void cluster() {
    case_.brokers = between(5, std::max<std::size_t>(bounds_.brokers, 5));
    case_.machines = case_.brokers + below(4);
    case_.regions = chance(0.6) ? 1 : between(2, 3);
    if (bounds_.rings == SwarmCase::Rings::kOfRegions) give_regions_rings();
    for (std::uint64_t left = between(2, std::max<std::size_t>(bounds_.programs, 2)); left > 0;
         --left) {
      case_.programs.push_back(static_cast<StationId>(below(case_.brokers)));
    }
    topics_ = between(1, 4);
    broker::BrokerConfig& config = case_.broker;
    config.drain_grace = 500ms;
    if (chance(0.2)) {
      case_.profile = "wan";
      config.overlay.timers = overlay::Timers::wan();
      config.multicast = multicast::ForestConfig::wan();
    }
    if (chance(0.4)) config.overlay.leaf_set_size = one_of<std::size_t>({4, 8, 32});
    // With less than one child for each tree some tree could not grow at all.
    if (chance(0.4)) config.multicast.children_limit = between(topics_, topics_ + 3);
    if (chance(0.2)) config.multicast.ingress_bytes_per_topic = 2048;
    if (chance(0.2)) config.clients.publish_window_bytes = 4096;
    if (chance(0.3)) config.clients.queue_bytes = 1024;
    config.clients.slow_policy = policy();
  }

  void give_regions_rings() {
    if (case_.regions == 1) case_.regions = 2 + case_.seed % 2;
    const bool prices = case_.seed % 3 == 0;
    if (prices) case_.regions = 3 + case_.seed % 2;
    for (std::size_t i = 0; i < case_.regions; ++i) {
      case_.broker.regions.push_back(SwarmCase::region_name(i));
    }
    std::vector<std::string> inside = case_.broker.regions;
    inside.erase(inside.begin() + static_cast<std::ptrdiff_t>(outside()));
    case_.broker.fence =
        regions::Fence({{regions::TopicPattern::parse("fenced/#").value(), std::move(inside)}});
    // Sometimes one is configured that nobody has deployed.
    if (case_.seed % 8 == 5) {
      case_.broker.regions.push_back(SwarmCase::region_name(case_.regions));
    }
    if (prices) give_borders_prices();
  }

  /// Some ways through other regions become cheaper than the direct ones.
  void give_borders_prices() {
    Random dice(case_.seed);
    regions::RegionTable table(case_.broker.regions);
    for (std::size_t from = 0; from < case_.regions; ++from) {
      for (std::size_t to = 0; to < case_.regions; ++to) {
        if (from == to) continue;
        table.border(from, to) = {.price_per_gb = static_cast<double>(dice.below(4)),
                                  .delay = 10ms};
      }
    }
    case_.broker.region_table = std::move(table);
  }
  /// The region that fenced topics must not get to.
  std::size_t outside() const { return case_.seed / 2 % case_.regions; }

  broker::SlowPolicy policy() {
    using broker::SlowPolicy;
    return one_of({SlowPolicy::kDropOldest, SlowPolicy::kDropNewest, SlowPolicy::kConflate,
                   SlowPolicy::kDisconnect});
  }

  // --- faults ---

  StationId broker() { return static_cast<StationId>(below(case_.brokers)); }
  StationId machine() { return static_cast<StationId>(below(case_.machines)); }
  Death death() { return chance(0.5) ? Death::kSilent : Death::kReported; }
  double chance_of_trouble() { return static_cast<double>(between(1, 30)) / 100; }
  void add(Duration at, Fault fault) { case_.steps.push_back({at, std::move(fault)}); }

  void crash_and_return(Duration at) {
    const StationId victim = broker();
    add(at, Crash{victim, death()});
    if (chance(0.7)) add(at + time(50ms, 6s), Restart{victim});
  }
  void drain_and_return(Duration at) {
    const StationId victim = broker();
    add(at, Drain{victim});
    if (chance(0.7)) add(at + time(600ms, 6s), Restart{victim});
  }
  void partition(Duration at) {
    std::vector<StationId> group;
    const double share = dice_.unit();
    const bool a_region = case_.regions > 1 && chance(0.4);
    const std::uint64_t region = below(case_.regions);
    for (StationId id = 0; id < case_.machines; ++id) {
      if (a_region ? id % case_.regions == region : chance(share)) group.push_back(id);
    }
    if (group.empty()) group.push_back(broker());
    const auto cut = one_of({Cut::kBothWays, Cut::kBothWays, Cut::kMute, Cut::kDeaf});
    add(at, Partition{std::move(group), cut, time(200ms, 9s)});
  }
  void clogs(Duration at) {
    for (TimedFault& fault : clog_wave(dice_, case_.brokers, at, time(500ms, 6s))) {
      add(fault.at, std::move(fault.what));
    }
  }
  void mass_crash(Duration at) {
    add(at, MassCrash{one_of({0.3, 0.5, 0.8}), death(), below(1'000'000)});
    for (StationId id = 0; id < case_.brokers; ++id) {
      if (chance(0.5)) add(at + time(1s, 6s), Restart{id});
    }
  }
  void break_link(Duration at) {
    const StationId one = broker();
    const StationId other = broker();
    if (one != other) add(at, BrokenLink{one, other});
  }

  void faults() {
    if (chance(0.08)) return;
    const std::vector<std::function<void(Duration)>> kinds{
        [this](Duration at) { crash_and_return(at); },
        [this](Duration at) { crash_and_return(at); },
        [this](Duration at) { drain_and_return(at); },
        [this](Duration at) { add(at, Restart{machine()}); },
        [this](Duration at) {
          add(at, Pause{broker(), time(100ms, 6s)});
        },
        [this](Duration at) { partition(at); },
        [this](Duration at) { clogs(at); },
        [this](Duration at) { mass_crash(at); },
        [this](Duration at) { break_link(at); },
        [this](Duration at) { add(at, BrokenSessions{broker()}); },
        [this](Duration at) {
          add(at, Loss{chance_of_trouble(), time(500ms, 6s)});
        },
        [this](Duration at) {
          add(at, Duplication{chance_of_trouble(), time(500ms, 6s)});
        },
        [this](Duration at) {
          add(at, Spikes{chance_of_trouble(), time(5ms, 1500ms), time(500ms, 6s)});
        },
    };
    std::vector<std::size_t> chosen;
    for (std::size_t kind = 0; kind < kinds.size(); ++kind) {
      if (chance(0.3)) chosen.push_back(kind);
    }
    if (chance(0.06)) add(moment(), Corruption{chance_of_trouble(), time(500ms, 6s)});
    if (chosen.empty()) return;
    for (std::uint64_t left = between(1, bounds_.faults); left > 0; --left) {
      kinds[chosen[below(chosen.size())]](moment());
    }
  }

  // --- deeds ---

  /// Where regions have trees of their own, every other topic is one of each region's, and one is
  /// fenced.
  std::string topic(std::size_t program) {
    const std::uint64_t number = below(topics_);
    const std::size_t region = case_.programs[program] % case_.regions;
    const std::string name = "t/" + std::to_string(number);
    if (case_.broker.regions.empty()) return name;
    if (number == 2 && region != outside()) return "fenced/" + std::to_string(number);
    return number % 2 == 0 ? name : name + "/" + std::to_string(region);
  }
  void add(Duration at, std::size_t program, decltype(Deed::what) what) {
    case_.steps.push_back({at, Deed{program, std::move(what)}});
  }
  Subscribes subscription(std::size_t program) {
    const bool poor = chance(0.15);
    // Enough for one message of everybody: without a stall nothing is dropped at the end.
    return {topic(program), policy(), poor ? between(1500, 4000) : 1 << 20,
            poor ? between(1500, 4000) : 0};
  }
  Publishes publication(std::size_t program) {
    const auto every = time(1ms, 40ms);
    const auto batches = std::max<Duration::rep>(time(100ms, 3s) / every, 1);
    const auto messages = chance(0.7) ? 1 : between(2, 8);
    return {topic(program), static_cast<std::uint32_t>(std::min<Duration::rep>(batches, 100)),
            static_cast<std::uint32_t>(messages), every};
  }

  void deeds() {
    const bool restless = chance(0.5);
    const bool slow = chance(0.3);
    const bool leaving = chance(0.2);
    for (std::size_t program = 0; program < case_.programs.size(); ++program) {
      for (std::uint64_t left = below(3); left > 0; --left) {
        add(time(0s, 1s), program, subscription(program));
      }
      // What is lost of a publisher's last messages is seen at its next one: who leaves for ever
      // has not published.
      const bool leaves = leaving && chance(0.2);
      for (std::uint64_t left = leaves ? 0 : below(4); left > 0; --left) {
        add(moment(), program, publication(program));
      }
      if (restless && chance(0.6)) {
        add(moment(), program, Unsubscribes{});
        add(moment(), program, subscription(program));
      }
      if (slow && chance(0.4)) add(moment(), program, Stalls{time(100ms, 5s)});
      if (leaves) add(moment(), program, Leaves{});
    }
  }

  Random dice_;
  const SwarmCase::Bounds& bounds_;
  SwarmCase case_;
  std::uint64_t topics_ = 1;
};

}  // namespace

SwarmCase SwarmCase::deal(std::uint64_t seed, const Bounds& bounds) {
  return Dealer(seed, bounds).deal();
}

std::vector<StationId> SwarmCase::seeds() const {
  std::vector<StationId> seeds;
  for (StationId id = 0; id < std::min(brokers, kSeeds); ++id) seeds.push_back(id);
  return seeds;
}

}  // namespace phyllo::sim
