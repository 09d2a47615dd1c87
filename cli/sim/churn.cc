#include "sim/experiment/churn.h"

#include "cli/sim/experiment.h"
#include "cli/sim/simulation.h"
#include "cli/sim/value_options.h"
#include "sim/experiment/bounds.h"
#include "sim/fault/churn.h"

namespace phyllo::cli {
namespace {

struct Arguments {
  sim::ChurnSetup setup;
  std::string trace;
};

ExitStatus run_churn(const CLI::App& verb, const RunOptions& options, const Arguments& arguments) {
  sim::ChurnSetup setup = arguments.setup;
  if (!arguments.trace.empty()) {
    Result<sim::ChurnTrace> trace = sim::read_churn(arguments.trace);
    if (!trace) return refuse(verb, trace.error().message);
    setup.trace = std::move(*trace);
  }
  return run_experiment(verb, options, setup, sim::run_churn);
}

}  // namespace

Verb add_sim_churn(CLI::App& sim, const std::shared_ptr<RunOptions>& options) {
  auto arguments = std::make_shared<Arguments>();
  sim::ChurnSetup& setup = arguments->setup;
  CLI::App* const verb = sim.add_subcommand("churn", "Lookups while nodes come and go");
  add_count_option(*verb, "--nodes", setup.nodes, 2, sim::kMaxNodes, "Nodes, on average");
  add_times_option(*verb, "--session", setup.sessions, "Mean session of a node");
  verb->add_option("--trace", arguments->trace,
                   "Who comes and goes instead: a file with lines of SECONDS NODE up|down")
      ->type_name("FILE");
  add_numbers_option(*verb, "--loss", setup.losses, "Part of the messages that links lose");
  add_time_option(*verb, "--settle", setup.settle, "Churn before anything is measured");
  add_time_option(*verb, "--length", setup.length, "Measured");
  add_number_option(*verb, "--lookups", setup.lookups, "Lookups of each node, a second");
  add_count_option(*verb, "--leaf-set", setup.node.leaf_set_size, 2, 128,
                   "Size of the leaf sets, even");
  add_network_option(*verb, setup.latency);
  add_profile_option(*verb, "paper", [&timers = setup.node.timers](const std::string& name) {
    set_profile(timers, name);
  });
  add_run_options(*verb, *options);
  verb->footer(
      "Beside the figures of Castro, Costa and Rowstron (DSN 2004).\n\n"
      "Examples:\n"
      "  phyllo sim churn --nodes 200 --session 30m --length 20m --seeds 2\n"
      "  phyllo sim churn --nodes 10000 --session 5m,15m,30m,60m --loss 0\n"
      "  phyllo sim churn --trace gnutella.txt");
  return {verb, [verb, arguments, options] { return run_churn(*verb, *options, *arguments); }};
}

}  // namespace phyllo::cli
