#include "sim/experiment/mass_failure_run.h"

#include <algorithm>
#include <cmath>

#include "sim/experiment/population.h"
#include "sim/experiment/ring_shape.h"

namespace phyllo::sim {
namespace {

using namespace std::chrono_literals;

constexpr Duration kJoinLimit = 30min;
constexpr Duration kRest = 2min;  // between the last join and the failure
constexpr Duration kLook = 500ms;
constexpr double kAcceptable = .01;
/// So long everything has to be well before the run is over.
constexpr Duration kCalm = 20s;

double seconds(Duration duration) { return std::chrono::duration<double>(duration).count(); }

class MassFailureRun {
 public:
  MassFailureRun(const MassFailureSetup& setup, double share, std::uint64_t seed)
      : setup_(setup),
        share_(share),
        population_({.seed = seed, .node = setup.node, .latency = setup.latency, .jitter = .1}) {}

  MassFailureFindings run(SeedProgress& progress) {
    progress.may_abandon(population_.queue());
    const auto all = static_cast<double>(setup_.nodes);
    population_.grow(setup_.nodes, kJoinLimit, [&](std::size_t i) {
      const double done = static_cast<double>(i) / all;
      if (i % 64 == 0) progress.update("joining", .5 * done, population_.queue());
    });
    population_.run_for(kRest);
    const auto dying = static_cast<std::size_t>(std::lround(share_ * all));
    for (std::size_t i = 0; i < std::min(dying, setup_.nodes - 1); ++i) {
      population_.die(population_.pick());
    }
    died_ = population_.now();
    plan_lookup();
    while (since() < setup_.limit && !calm()) {
      population_.run_for(kLook);
      look();
      progress.update("recovering", .5 + .5 * seconds(since()) / seconds(setup_.limit),
                      population_.queue());
    }
    sending_ = false;
    const std::size_t end = population_.lookups();
    population_.run_for(1min);
    judge_lookups(end);
    return std::move(found_);
  }

 private:
  Duration since() const { return population_.now() - died_; }

  void plan_lookup() {
    const double wait = -std::log1p(-population_.random().unit()) / setup_.lookups;
    population_.queue().after(Duration(static_cast<Duration::rep>(wait * 1e9)), [this] {
      if (!sending_) return;
      if (!population_.active().empty()) population_.look_up();
      plan_lookup();
    });
  }

  void look() {
    if (!found_.one_ring_seconds && one_ring(population_)) {
      found_.one_ring_seconds = seconds(since());
    }
    if (found_.one_ring_seconds && !found_.exact_seconds && leaf_sets_exact(population_)) {
      found_.exact_seconds = seconds(since());
      exact_at_ = population_.now();
    }
  }

  bool calm() const { return found_.exact_seconds && population_.now() - exact_at_ >= kCalm; }

  void judge_lookups(std::size_t end) {
    std::vector<std::pair<double, double>> sent_and_lost;
    for (std::size_t i = 0; i < end; ++i) {
      const Lookup& lookup = population_.lookup(i);
      const auto second = static_cast<std::size_t>(seconds(lookup.sent - died_));
      if (sent_and_lost.size() <= second) sent_and_lost.resize(second + 1);
      const bool reached = lookup.end == Lookup::End::kReached;
      ++found_.sent;
      if (lookup.end == Lookup::End::kWrong) ++found_.wrong;
      if (!reached && lookup.end != Lookup::End::kWrong) ++found_.never;
      sent_and_lost[second].first += 1;
      if (!reached || lookup.ended - lookup.sent > kPrompt) sent_and_lost[second].second += 1;
    }
    std::size_t last_bad = 0;
    for (std::size_t second = 0; second < sent_and_lost.size(); ++second) {
      const auto& [sent, lost] = sent_and_lost[second];
      const double loss = sent > 0 ? lost / sent : 0;
      found_.loss.emplace_back(static_cast<double>(second), loss);
      found_.worst = std::max(found_.worst, loss);
      if (loss > kAcceptable) last_bad = second + 1;
    }
    if (last_bad < sent_and_lost.size()) found_.recovered_seconds = static_cast<double>(last_bad);
  }

  const MassFailureSetup& setup_;
  const double share_;
  Population population_;
  Time died_{};
  Time exact_at_{};
  bool sending_ = true;
  MassFailureFindings found_;
};

}  // namespace

MassFailureFindings run_mass_failure_case(const MassFailureSetup& setup, double share,
                                          std::uint64_t seed, SeedProgress& progress) {
  return MassFailureRun(setup, share, seed).run(progress);
}

}  // namespace phyllo::sim
