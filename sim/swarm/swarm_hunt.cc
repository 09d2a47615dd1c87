#include "sim/swarm/swarm_hunt.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <optional>
#include <sstream>

#include "sim/experiment/seed_runner.h"
#include "sim/swarm/shrink.h"

namespace phyllo::sim {
namespace {

/// More seeds than these are told as a range.
constexpr std::size_t kListedSeeds = 20;

struct Sums {
  std::int64_t seeds = 0;
  std::int64_t faults = 0;
  std::int64_t published = 0;
  std::int64_t delivered = 0;
  std::int64_t gaps = 0;
  std::int64_t messages = 0;
  std::int64_t crossed = 0;
  std::int64_t crossed_again = 0;
  Duration virtual_time{};

  void add(const SwarmOutcome& outcome) {
    ++seeds;
    faults += static_cast<std::int64_t>(outcome.faults);
    published += static_cast<std::int64_t>(outcome.published);
    delivered += static_cast<std::int64_t>(outcome.delivered);
    gaps += static_cast<std::int64_t>(outcome.gaps);
    messages += static_cast<std::int64_t>(outcome.network_messages);
    crossed += static_cast<std::int64_t>(outcome.crossed);
    crossed_again += static_cast<std::int64_t>(outcome.crossed_again);
    virtual_time += outcome.virtual_time;
  }
  Table table() const {
    const auto hours = std::chrono::duration<double, std::ratio<3600>>(virtual_time).count();
    return {"What happened in them",
            {"seeds run", "virtual hours", "faults", "messages between brokers", "published",
             "delivered", "reported as gaps", "copies over borders", "of these again"},
            {{seeds, hours, faults, messages, published, delivered, gaps, crossed, crossed_again}},
            ""};
  }
};

/// Hands seeds to threads until one of them fails.
class Hunt {
 public:
  Hunt(const HuntSetup& setup, Progress& progress) : setup_(setup), progress_(progress) {}

  Report run() {
    run_on_threads(setup_.runs.seeds.size(), setup_.runs.threads, [this](std::size_t index) {
      const std::uint64_t seed = setup_.runs.seeds[index];
      if (over_ || progress_.stop_wanted()) return;
      if (setup_.begins) setup_.begins(seed);
      note(seed, run_swarm(SwarmCase::deal(seed, setup_.bounds), {setup_.invariants, {}}));
    });
    return report();
  }

 private:
  void note(std::uint64_t seed, const SwarmOutcome& outcome) {
    const std::lock_guard lock(mutex_);
    sums_.add(outcome);
    if (outcome.violation && (!failed_ || seed < *failed_)) {
      failed_ = seed;
      over_ = true;
    }
    const double done =
        static_cast<double>(sums_.seeds) / static_cast<double>(setup_.runs.seeds.size());
    progress_.update({"seed " + std::to_string(seed), done, Time(sums_.virtual_time),
                      static_cast<std::uint64_t>(sums_.messages)});
  }

  Report report() {
    Report report;
    report.title = "Random clusters, workloads and faults";
    const auto& seeds = setup_.runs.seeds;
    if (seeds.size() <= kListedSeeds) report.seeds = seeds;
    report.parameters = {{"first seed", std::to_string(seeds.front())},
                         {"brokers at most", std::to_string(setup_.bounds.brokers)},
                         {"programs at most", std::to_string(setup_.bounds.programs)}};
    if (failed_) tell_failure(report);
    report.tables.push_back(sums_.table());
    return report;
  }

  void tell_failure(Report& report) const {
    const SwarmCase swarm = SwarmCase::deal(*failed_, setup_.bounds);
    const Shrunk shrunk = shrink(swarm, {setup_.invariants, {}});
    report.violations.push_back(swarm.summary());
    std::istringstream lines(to_text(shrunk.violation));
    for (std::string line; std::getline(lines, line);) report.violations.push_back(line);
    Table steps{"Steps without any of which it does not break", {"step"}, {}, ""};
    for (const Step& step : shrunk.swarm.steps) steps.rows.push_back({to_text(step)});
    steps.note = std::to_string(swarm.steps.size()) + " steps were reduced to " +
                 std::to_string(shrunk.swarm.steps.size()) + " in " + std::to_string(shrunk.runs) +
                 " runs.";
    report.tables.push_back(std::move(steps));
    const std::string seed = std::to_string(*failed_);
    const char* regions = swarm.broker.regions.empty() ? "" : "--regions ";
    report.notes.push_back("All of it, with every message: phyllo sim swarm " +
                           std::string(regions) + "--replay " + seed + " --trace");
    report.notes.push_back("The reduced run: put those steps into a file and add --plan FILE");
  }

  const HuntSetup& setup_;
  Progress& progress_;
  std::mutex mutex_;
  Sums sums_;
  std::optional<std::uint64_t> failed_;
  std::atomic<bool> over_{false};
};

}  // namespace

Outcome check(const HuntSetup& setup) {
  if (const Outcome runs = check(setup.runs); !runs) return runs;
  if (setup.bounds.brokers < 5) {
    return Error{ErrorCode::kInvalidArgument, "a swarm has at least 5 brokers"};
  }
  if (setup.bounds.programs < 2) {
    return Error{ErrorCode::kInvalidArgument, "a swarm has at least 2 programs"};
  }
  return Done{};
}

Report run_hunt(const HuntSetup& setup, Progress& progress) { return Hunt(setup, progress).run(); }

std::string to_text(const SwarmOutcome& outcome) {
  char print[20];
  std::snprintf(print, sizeof print, "%016llx",
                static_cast<unsigned long long>(outcome.fingerprint));
  std::string text = "published " + std::to_string(outcome.published) + ", delivered " +
                     std::to_string(outcome.delivered) + ", reported as gaps " +
                     std::to_string(outcome.gaps) + " (beyond what was lost " +
                     std::to_string(outcome.excess) + "), faults " +
                     std::to_string(outcome.faults) + ", messages between brokers " +
                     std::to_string(outcome.network_messages) + ", copies over borders " +
                     std::to_string(outcome.crossed) + " (again " +
                     std::to_string(outcome.crossed_again) + "), fingerprint " + print + "\n";
  return text + (outcome.violation ? to_text(*outcome.violation) : "every invariant held\n");
}

}  // namespace phyllo::sim
