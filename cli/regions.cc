#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/complaint.h"
#include "cli/connection.h"
#include "cli/display_text.h"
#include "cli/regions/asked_brokers.h"
#include "cli/regions/border_survey.h"
#include "cli/regions/matrix_json.h"
#include "cli/regions/matrix_text.h"
#include "cli/verb.h"
#include "sim/plan/load_file.h"
#include "sim/plan/predict.h"

namespace phyllo::cli {
namespace {

constexpr const char* kVerb = "regions";

struct RegionsOptions {
  ConnectionOptions connection;
  std::string cluster;  ///< a file; empty: the brokers of `connection`
  std::string load;     ///< a file; empty: none
  std::size_t topics = 10;
  bool json = false;
};

/// Is not shown: the answer is what the user waits for.
class Unseen : public sim::Progress {
 public:
  void update(const Advance&) override {}
};

bool complained(const std::vector<std::string>& errors) {
  for (const std::string& error : errors) complain(kVerb, error);
  return !errors.empty();
}

/// Nobody was asked yet: what is wrong with the files is said before.
struct Plan {
  std::vector<AskedBroker> brokers;
  std::vector<PeerInfo> expected;
  std::optional<sim::Scenario> scenario;
};

std::optional<Plan> read_plan(const RegionsOptions& options) {
  Plan plan;
  if (options.cluster.empty()) {
    plan.brokers = asked_brokers(brokers_of(options.connection, std::getenv(kBrokersVariable)));
    return plan;
  }
  sim::LoadedCluster cluster = sim::load_cluster(options.cluster);
  if (complained(cluster.errors)) return std::nullopt;
  plan.brokers = asked_brokers(*cluster.cluster);
  for (const auto& node : cluster.cluster->nodes) {
    PeerInfo peer;
    peer.node_id = node.id.hex();
    peer.region = node.settings.region;
    peer.local_endpoint = node.place.local.text();
    peer.wan_endpoint = node.place.wan.text();
    plan.expected.push_back(std::move(peer));
  }
  if (options.load.empty()) return plan;
  sim::LoadedScenario scenario = sim::load_onto(*cluster.cluster, options.load);
  if (complained(scenario.errors)) return std::nullopt;
  plan.scenario = std::move(scenario.scenario);
  return plan;
}

void add_prediction(const sim::Scenario& scenario, BorderMatrix& matrix) {
  Unseen progress;
  for (const auto& border : sim::predict_borders(scenario, scenario.seed, progress)) {
    BorderMatrix::Border* const found = matrix.find(border.from, border.to);
    if (found != nullptr) found->predicted = border.cost;
  }
}

/// Who said nothing, and who was not asked.
void say_who_is_missing(const BorderSurvey& survey) {
  for (const auto& silent : survey.silent) {
    complain(kVerb, "no answer from " + silent.name + ": " + silent.why);
  }
  const std::size_t missing = survey.missing().size();
  if (missing == 0) return;
  complain(kVerb, "without " + counted(missing, "broker") + " of " +
                      std::to_string(survey.known.size()) +
                      "; give the cluster's file, or --broker for each of them");
}

ExitStatus run_regions(const RegionsOptions& options) {
  const std::optional<Plan> plan = read_plan(options);
  if (!plan) return ExitStatus::kUsage;
  BorderSurvey survey = survey_borders(plan->brokers, options.connection.wait);
  if (survey.answers.empty()) {
    say_who_is_missing(survey);
    return ExitStatus::kUnavailable;
  }
  for (const PeerInfo& peer : plan->expected) survey.known.emplace(peer.node_id, peer);
  BorderMatrix matrix = add_up(survey.answers, survey.incomplete_regions());
  if (matrix.borders.empty()) {
    complain(kVerb, "this cluster has no table of regions");
    return ExitStatus::kFailure;
  }
  if (plan->scenario) add_prediction(*plan->scenario, matrix);
  const std::string text = options.json ? json_of(matrix, survey, options.topics) + "\n"
                                        : matrix_text(matrix, options.topics);
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
  say_who_is_missing(survey);
  return survey.silent.empty() ? ExitStatus::kOk : ExitStatus::kTimeout;
}

}  // namespace

Verb add_regions(CLI::App& phyllo) {
  auto options = std::make_shared<RegionsOptions>();
  CLI::App* const verb =
      phyllo.add_subcommand(kVerb, "Show what regions exchange and what that costs");
  CLI::Option* const cluster =
      verb->add_option("CLUSTER", options->cluster,
                       "The file that all brokers of a cluster share: asks all of them");
  cluster->type_name("FILE");
  verb->add_option("--load", options->load,
                   "Expected topics and rates: shows beside the cost what a plan predicts")
      ->type_name("FILE")
      ->needs(cluster);
  verb->add_option("--topics", options->topics, "So many of the busiest topics")
      ->type_name("N")
      ->capture_default_str();
  verb->add_flag("--json", options->json, "Print one JSON object");
  add_connection_options(*verb, options->connection);
  verb->footer(
      "Every broker counts what it exchanges with other regions; this adds it up.\n"
      "Without CLUSTER it asks each broker of --broker or $PHYLLO_BROKERS, and says how\n"
      "many it left out. DATA, CONTROL and COST are of this month (UTC), RATE is of the\n"
      "last day, MONTH what the whole month will cost, in the currency of the table of\n"
      "regions.\n\n"
      "Examples:\n"
      "  phyllo regions /etc/phyllo/cluster.yaml\n"
      "  phyllo regions /etc/phyllo/cluster.yaml --load load.yaml\n"
      "  phyllo regions -b tcp://10.1.0.11:7401 -b tcp://10.2.0.11:7401 --json");
  return {verb, [options] { return run_regions(*options); }};
}

}  // namespace phyllo::cli
