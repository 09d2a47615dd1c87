#include <memory>
#include <string>
#include <vector>

#include "cli/complaint.h"
#include "cli/sim/simulation.h"
#include "cli/verb.h"
#include "sim/plan/cluster_file.h"
#include "sim/plan/compare_clusters.h"
#include "sim/plan/describe_cluster.h"
#include "sim/plan/load_file.h"
#include "sim/plan/predict.h"

namespace phyllo::cli {
namespace {

struct PlanOptions {
  RunOptions run;
  std::string cluster;
  std::string changed;  ///< what the cluster is to become; empty: no such question
  std::string load;     ///< a file; empty: none
};

bool complained(const std::vector<std::string>& errors) {
  for (const std::string& error : errors) complain("plan", error);
  return !errors.empty();
}

std::optional<std::vector<sim::ClusterFile>> read_clusters(const PlanOptions& options) {
  std::vector<sim::ClusterFile> clusters;
  bool wrong = false;
  for (const std::string& file : {options.cluster, options.changed}) {
    if (file.empty()) continue;
    sim::LoadedCluster loaded = sim::load_cluster(file);
    wrong = complained(loaded.errors) || wrong;
    if (loaded.ok()) clusters.push_back(std::move(*loaded.cluster));
  }
  if (wrong) return std::nullopt;
  return clusters;
}

/// Each cluster under the load, where one is given.
std::optional<std::vector<sim::Scenario>> read_scenarios(
    const PlanOptions& options, const std::vector<sim::ClusterFile>& clusters) {
  std::vector<sim::Scenario> scenarios;
  if (options.load.empty()) return scenarios;
  for (const sim::ClusterFile& cluster : clusters) {
    sim::LoadedScenario loaded = sim::load_onto(cluster, options.load);
    if (complained(loaded.errors)) return std::nullopt;
    scenarios.push_back(std::move(*loaded.scenario));
  }
  return scenarios;
}

ExitStatus run_plan(const CLI::App& command, const PlanOptions& options) {
  const auto clusters = read_clusters(options);
  if (!clusters) return ExitStatus::kUsage;
  const auto scenarios = read_scenarios(options, *clusters);
  if (!scenarios) return ExitStatus::kUsage;
  const sim::Runs runs = options.run.runs(1);
  RunOptions shown = options.run;
  shown.quiet = shown.quiet || scenarios->empty();  // nothing runs that could take long
  return run_simulation(command, shown, [&](sim::Progress& progress) {
    sim::Report report = clusters->size() == 1
                             ? sim::describe_cluster(clusters->front())
                             : sim::compare_clusters(clusters->front(), clusters->back());
    if (scenarios->size() == 1)
      sim::predict(clusters->front(), scenarios->front(), runs, progress, report);
    if (scenarios->size() == 2) sim::predict_change(*scenarios, runs, progress, report);
    return report;
  });
}

}  // namespace

Verb add_plan(CLI::App& phyllo) {
  auto options = std::make_shared<PlanOptions>();
  CLI::App* const verb =
      phyllo.add_subcommand("plan", "Check the files of a cluster, and say what it would do");
  verb->add_option("CLUSTER", options->cluster, "The file that all brokers of a cluster share")
      ->type_name("FILE")
      ->required();
  verb->add_option("CHANGED", options->changed, "The same as it is to become: what would change?")
      ->type_name("FILE");
  CLI::Option* const load = verb->add_option(
      "--load", options->load, "Topics with rates, sizes and programs: predict traffic and cost");
  load->type_name("FILE");
  add_run_options(*verb, options->run);
  for (const char* of_a_run : {"--seed", "--seeds", "--jobs"}) {
    verb->get_option(of_a_run)->needs(load);
  }
  verb->footer(
      "Reads CLUSTER and the files beside it that include it, one for each broker, as\n"
      "strictly as phyllod does, and holds them against each other. Nothing is started\n"
      "and nobody is asked. With --load the brokers' own code runs in virtual time.\n"
      "docs/planning.md explains the tables and the load file.\n\n"
      "Examples:\n"
      "  phyllo plan configs/regions/cluster.yaml\n"
      "  phyllo plan configs/regions/cluster.yaml --load configs/simulation/load.yaml\n"
      "  phyllo plan old/cluster.yaml new/cluster.yaml --json");
  return {verb, [verb, options] { return run_plan(*verb, *options); }};
}

}  // namespace phyllo::cli
