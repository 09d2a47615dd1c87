#include <google/protobuf/stubs/logging.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>

#include <unistd.h>

#include "cli/complaint.h"
#include "cli/input_file.h"
#include "cli/sim/experiment.h"
#include "cli/sim/simulation.h"
#include "cli/sim/value_options.h"
#include "cli/standard_output.h"
#include "cli/stop_signals.h"
#include "sim/swarm/swarm_hunt.h"

namespace phyllo::cli {
namespace {

constexpr std::uint64_t kUsualSeeds = 10;
/// As many as a day does not suffice for.
constexpr std::uint64_t kAllSeeds = 1'000'000;
constexpr std::size_t kMostPlanBytes = 1 << 20;

struct Arguments {
  sim::SwarmCase::Bounds bounds;
  std::optional<std::uint64_t> replay;
  std::optional<double> minutes;
  std::string plan;
  bool trace = false;
};

/// Passes everything on, and asks to stop when the time is over.
class Until final : public sim::Progress {
 public:
  Until(sim::Progress& shown, std::optional<double> minutes) : shown_(shown) {
    if (minutes)
      end_ = Clock::now() + std::chrono::duration_cast<Clock::duration>(
                                std::chrono::duration<double, std::ratio<60>>(*minutes));
  }
  void update(const Advance& advance) override { shown_.update(advance); }
  bool stop_wanted() const override {
    return shown_.stop_wanted() || (end_ && Clock::now() >= *end_);
  }

 private:
  using Clock = std::chrono::steady_clock;
  sim::Progress& shown_;
  std::optional<Clock::time_point> end_;
};

/// A check that fails ends the program; the seed must be known nevertheless.
thread_local volatile std::uint64_t current_seed = 0;

void tell_seed(int) {
  char text[96];
  const int length = std::snprintf(text, sizeof text, "phyllo sim swarm: it was seed %llu\n",
                                   static_cast<unsigned long long>(current_seed));
  [[maybe_unused]] const auto written = write(STDERR_FILENO, text, static_cast<size_t>(length));
}

ExitStatus hunt(const CLI::App& command, const RunOptions& options, const Arguments& arguments) {
  sim::HuntSetup setup;
  setup.runs = options.runs(arguments.minutes ? kAllSeeds : kUsualSeeds);
  setup.bounds = arguments.bounds;
  setup.begins = [](std::uint64_t seed) { current_seed = seed; };
  if (const Outcome possible = check(setup); !possible) {
    return refuse(command, possible.error().message);
  }
  return run_simulation(command, options, [&](sim::Progress& shown) {
    Until progress(shown, arguments.minutes);
    return run_hunt(setup, progress);
  });
}

/// The case of the seed, with the steps of the plan file where one is given.
Result<sim::SwarmCase> replayed(const Arguments& arguments) {
  sim::SwarmCase swarm = sim::SwarmCase::deal(*arguments.replay, arguments.bounds);
  if (arguments.plan.empty()) return swarm;
  const auto text = read_input_file(arguments.plan, kMostPlanBytes);
  if (!text.ok()) return Error{ErrorCode::kInvalidArgument, text.status().message()};
  auto steps = sim::parse_steps(*text);
  if (!steps) {
    return Error{steps.error().code, arguments.plan + ": " + steps.error().message};
  }
  swarm.steps = std::move(*steps);
  if (const Outcome possible = check_steps(swarm); !possible) {
    return Error{possible.error().code, arguments.plan + ": " + possible.error().message};
  }
  return swarm;
}

ExitStatus replay(const CLI::App& command, const Arguments& arguments) {
  const auto swarm = replayed(arguments);
  if (!swarm) return refuse(command, swarm.error().message);
  StopSignals signals;
  StandardOutput out(signals);
  current_seed = *arguments.replay;
  bool wanted = out.write(swarm->summary() + "\n" + to_text(swarm->steps)) ==
                StandardOutput::Outcome::kWritten;
  sim::SwarmOptions options;
  if (arguments.trace) {
    options.trace = [&](const std::string& line) {
      wanted = wanted && out.write(line + "\n") == StandardOutput::Outcome::kWritten;
    };
  }
  const sim::SwarmOutcome outcome = run_swarm(*swarm, options);
  if (wanted) out.write(to_text(outcome));
  return outcome.violation ? ExitStatus::kFailure : ExitStatus::kOk;
}

}  // namespace

Verb add_sim_swarm(CLI::App& sim, const std::shared_ptr<RunOptions>& options) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* const verb =
      sim.add_subcommand("swarm", "Random clusters, workloads and faults: hunt for mistakes");
  add_count_option(*verb, "--brokers", arguments->bounds.brokers, 5, 200,
                   "Brokers of a run, at most");
  add_count_option(*verb, "--programs", arguments->bounds.programs, 2, 1000,
                   "Programs of a run, at most");
  add_count_option(*verb, "--faults", arguments->bounds.faults, 1, 1000,
                   "Faults of a run, at most; some consist of several");
  verb->add_flag_callback(
      "--regions", [arguments] { arguments->bounds.rings = sim::SwarmCase::Rings::kOfRegions; },
      "Let two or three regions have rings of their own");
  verb->add_option("--minutes", arguments->minutes, "Go on for so long, from seed to seed")
      ->type_name("N")
      ->check(CLI::Range(0.0, 100'000.0).description(""));
  CLI::Option* const replay_option =
      verb->add_option("--replay", arguments->replay,
                       "Run this one seed and say what happens in it")
          ->type_name("SEED");
  verb->add_flag("--trace", arguments->trace, "With --replay: print every message")
      ->needs(replay_option);
  verb->add_option("--plan", arguments->plan,
                   "With --replay: let the steps of this file happen, not those of the seed")
      ->type_name("FILE")
      ->needs(replay_option);
  add_run_options(*verb, *options);
  verb->footer(
      "Ends with status 1 when an invariant did not hold. A failing run is reduced to\n"
      "the steps without which it does not fail.\n\n"
      "Examples:\n"
      "  phyllo sim swarm --seeds 1000\n"
      "  phyllo sim swarm --seed 5000 --minutes 30\n"
      "  phyllo sim swarm --regions --seeds 100\n"
      "  phyllo sim swarm --replay 17 --trace | less");
  return {verb, [verb, arguments, options] {
            std::signal(SIGABRT, tell_seed);
            google::protobuf::SetLogHandler(nullptr);  // a line for each corrupted message
            return arguments->replay ? replay(*verb, *arguments)
                                     : hunt(*verb, *options, *arguments);
          }};
}

}  // namespace phyllo::cli
