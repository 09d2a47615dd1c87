#include "sim/experiment/churn_run.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>

namespace phyllo::sim {
namespace {

using namespace std::chrono_literals;
using What = ChurnTrace::What;

constexpr Duration kJoinLimit = 30min;
/// After this long nobody waits for a lookup any more.
constexpr Duration kPatience = 2min;
constexpr Duration kStep = 10s;  // between two looks at how many live
constexpr double kJitter = 0.1;

double seconds(Duration duration) { return std::chrono::duration<double>(duration).count(); }

/// A population whose nodes come and go as a trace says.
class ChurnRun {
 public:
  ChurnRun(const ChurnSetup& setup, const ChurnCase& which, std::uint64_t seed)
      : setup_(setup),
        length_(setup.settle + setup.length + kPatience),
        random_(seed),
        population_({.seed = random_.next(),
                     .node = setup.node,
                     .latency = setup.latency,
                     .jitter = kJitter}),
        trace_(setup.trace ? *setup.trace
                           : poisson_churn(setup.nodes, which.session, length_, random_)),
        station_of_(trace_.nodes),
        loss_(which.loss) {}

  ChurnFindings run(SeedProgress& progress) {
    progress.may_abandon(population_.queue());
    found_first_ones(progress);
    population_.network().set_weather({.loss = loss_, .jitter = kJitter});
    begin_ = population_.now();
    plan_event();
    plan_lookup();
    step_until(setup_.settle, "settling", progress);
    first_ = population_.lookups();
    const Traffic traffic = population_.traffic();
    const std::uint64_t bytes = population_.network().bytes_sent();
    measuring_ = true;
    step_until(setup_.settle + setup_.length, "measuring", progress);
    measuring_ = false;
    const std::size_t end = population_.lookups();
    found_.traffic = population_.traffic().since(traffic);
    found_.bytes = static_cast<double>(population_.network().bytes_sent() - bytes);
    step_until(length_, "waiting", progress);
    return conclude(end);
  }

 private:
  /// Those who are there from the beginning join one after the other, before the clock starts.
  void found_first_ones(SeedProgress& progress) {
    const auto& events = trace_.events;
    while (next_ < events.size() && events[next_].at == Duration::zero() &&
           events[next_].what == What::kUp) {
      population_.grow(1, kJoinLimit, [](std::size_t) {});
      station_of_[events[next_].node] = static_cast<StationId>(population_.size() - 1);
      if (next_++ % 64 == 0) {
        const double share = static_cast<double>(next_) / static_cast<double>(trace_.nodes);
        progress.update("joining", .3 * share, population_.queue());
      }
    }
  }

  void plan_event() {
    if (next_ == trace_.events.size()) return;
    population_.queue().at(begin_ + trace_.events[next_].at, [this] {
      const ChurnTrace::Event& event = trace_.events[next_++];
      std::optional<StationId>& station = station_of_[event.node];
      if (event.what == What::kDown) {
        population_.die(*station);
      } else if (station) {
        population_.revive(*station);
      } else {
        station = population_.birth();
      }
      plan_event();
    });
  }

  void plan_lookup() {
    const double rate =
        setup_.lookups * static_cast<double>(std::max<std::size_t>(population_.active().size(), 1));
    const double wait = -std::log1p(-random_.unit()) / rate;
    population_.queue().after(Duration(static_cast<Duration::rep>(wait * 1e9)), [this] {
      if (!population_.active().empty()) population_.look_up();
      plan_lookup();
    });
  }

  void step_until(Duration end, const char* phase, SeedProgress& progress) {
    while (population_.now() < begin_ + end) {
      const Duration step = std::min<Duration>(kStep, begin_ + end - population_.now());
      const std::uint64_t before = population_.traffic().control();
      population_.run_for(step);
      if (measuring_) measure(step, population_.traffic().control() - before);
      progress.update(phase, .3 + .7 * seconds(population_.now() - begin_) / seconds(length_),
                      population_.queue());
    }
  }

  void measure(Duration step, std::uint64_t control) {
    const double node_seconds = static_cast<double>(population_.living()) * seconds(step);
    found_.node_seconds += node_seconds;
    active_seconds_ += static_cast<double>(population_.active().size()) * seconds(step);
    minute_control_ += static_cast<double>(control);
    minute_node_seconds_ += node_seconds;
    const double minutes = seconds(population_.now() - begin_ - setup_.settle) / 60;
    if (minutes < static_cast<double>(found_.control_over_time.size() + 1)) return;
    if (minute_node_seconds_ > 0) {
      found_.control_over_time.emplace_back(minutes, minute_control_ / minute_node_seconds_);
    }
    minute_control_ = minute_node_seconds_ = 0;
  }

  ChurnFindings conclude(std::size_t end) {
    found_.lookups = summarize(population_, first_, end);
    for (std::size_t i = first_; i < end; ++i) {
      const Lookup& lookup = population_.lookup(i);
      if (lookup.end == Lookup::End::kUnderWay && lookup.seen_at == lookup.from &&
          !population_.lives(lookup.from)) {
        ++found_.lost_with_sender;
      }
    }
    const double node_seconds = std::max(found_.node_seconds, 1.0);
    found_.control = static_cast<double>(found_.traffic.control()) / node_seconds;
    found_.bytes /= node_seconds;
    found_.nodes = found_.node_seconds / seconds(setup_.length);
    found_.active = active_seconds_ / node_seconds;
    return std::move(found_);
  }

  const ChurnSetup& setup_;
  const Duration length_;
  Random random_;
  Population population_;
  ChurnTrace trace_;
  std::vector<std::optional<StationId>> station_of_;
  double loss_;
  std::size_t next_ = 0;
  std::size_t first_ = 0;  // lookup that is measured
  Time begin_{};
  bool measuring_ = false;
  double active_seconds_ = 0;
  double minute_control_ = 0;
  double minute_node_seconds_ = 0;
  ChurnFindings found_;
};

}  // namespace

ChurnFindings run_churn_case(const ChurnSetup& setup, const ChurnCase& which, std::uint64_t seed,
                             SeedProgress& progress) {
  return ChurnRun(setup, which, seed).run(progress);
}

}  // namespace phyllo::sim
