#include <google/protobuf/stubs/logging.h>

#include <memory>
#include <string>
#include <vector>

#include "cli/complaint.h"
#include "cli/sim/experiment.h"
#include "cli/sim/simulation.h"
#include "cli/suggestion.h"
#include "cli/verb.h"
#include "sim/scenario/run_scenario.h"
#include "sim/scenario/scenario.h"

namespace phyllo::cli {
namespace {

std::vector<Verb> add_experiments(CLI::App& sim, const std::shared_ptr<RunOptions>& options) {
  std::vector<Verb> experiments;
  for (const auto add : {add_sim_pastry, add_sim_churn, add_sim_mass_failure, add_sim_scribe,
                         add_sim_heal, add_sim_idle, add_sim_regions, add_sim_swarm}) {
    experiments.push_back(add(sim, options));
    experiments.back().command->group("Experiments");
  }
  return experiments;
}

std::vector<std::string> names_of(const std::vector<Verb>& experiments) {
  std::vector<std::string> names;
  for (const Verb& each : experiments) names.push_back(each.command->get_name());
  return names;
}

/// Somebody who names neither a file that there is nor an experiment has most likely mistyped one.
std::string did_you_mean(const std::string& file, const std::vector<Verb>& experiments) {
  const auto meant = nearest(file, names_of(experiments));
  return meant ? "; did you mean the experiment " + *meant + "?" : "";
}

ExitStatus run_file(const CLI::App& command, const RunOptions& options, const std::string& file,
                    const std::vector<Verb>& experiments) {
  const sim::LoadedScenario loaded = sim::load_scenario(file);
  if (!loaded.ok()) {
    for (const std::string& error : loaded.errors) {
      complain("sim", error + (loaded.errors.size() == 1 ? did_you_mean(file, experiments) : ""));
    }
    return ExitStatus::kUsage;
  }
  const sim::Scenario& scenario = *loaded.scenario;
  const sim::Runs runs = options.runs(1, scenario.seed);
  google::protobuf::SetLogHandler(nullptr);  // a line for each corrupted message
  return run_simulation(command, options, [&](sim::Progress& progress) {
    return sim::run_scenario(scenario, runs, progress);
  });
}

}  // namespace

Verb add_sim(CLI::App& phyllo) {
  auto options = std::make_shared<RunOptions>();
  auto file = std::make_shared<std::string>();
  CLI::App* const verb = phyllo.add_subcommand(
      "sim", "Simulate brokers: your own description, or the published experiments");
  const std::vector<Verb> experiments = add_experiments(*verb, options);
  verb->add_option("FILE", *file, "A YAML file that describes brokers, topics and faults")
      ->type_name("FILE");
  add_run_options(*verb, *options);
  verb->footer(
      "The simulator runs the brokers' own code in virtual time: the same command with\n"
      "the same seed finds the same. It ends with status 1 when something did not hold\n"
      "that always must.\n"
      "docs/simulation.md explains the reports and the YAML file.\n\n"
      "Examples:\n"
      "  phyllo sim configs/simulation/three-regions.yaml --html report.html\n"
      "  phyllo sim pastry --nodes 1000 --seeds 3\n"
      "  phyllo sim churn --help");
  return {verb, [verb, options, file, experiments] {
            for (const Verb& each : experiments) {
              if (each.command->parsed()) return each.run();
            }
            if (!file->empty()) return run_file(*verb, *options, *file, experiments);
            std::string known;
            for (const std::string& name : names_of(experiments)) known += ", " + name;
            return refuse(*verb, "name a FILE or an experiment:" + known.substr(1));
          }};
}

}  // namespace phyllo::cli
