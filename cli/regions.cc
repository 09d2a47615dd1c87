#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "cli/complaint.h"
#include "cli/connection.h"
#include "cli/demo/live_screen.h"
#include "cli/display_text.h"
#include "cli/regions/asked_brokers.h"
#include "cli/regions/border_rates.h"
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
  std::size_t topics = 3;
  std::chrono::milliseconds watch{0};  ///< how often to look again; 0: once
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
std::vector<std::string> who_is_missing(const BorderSurvey& survey) {
  std::vector<std::string> lines;
  for (const auto& silent : survey.silent) {
    lines.push_back("no answer from " + silent.name + ": " + silent.why);
  }
  const std::size_t missing = survey.missing().size();
  if (missing == 0) return lines;
  lines.push_back("without " + counted(missing, "broker") + " of " +
                  std::to_string(survey.known.size()) +
                  "; give the cluster's file, or --broker for each of them");
  return lines;
}

/// The verb once its files are read: looks once, or again and again.
class Look {
 public:
  Look(const RegionsOptions& options, Plan plan)
      : options_(options), plan_(std::move(plan)), asker_(plan_.brokers, options.connection.wait) {}

  ExitStatus once() {
    const auto shown = look();
    if (!shown) return failure_;
    say(shown->text);
    for (const std::string& line : shown->missing) complain(kVerb, line);
    return shown->missing_answers ? ExitStatus::kTimeout : ExitStatus::kOk;
  }

  ExitStatus watch(StopSignals& signals) {
    std::optional<LiveScreen> screen;
    if (!options_.json && LiveScreen::possible()) screen.emplace();
    do {
      const auto shown = look();
      if (!shown) return failure_;
      if (screen) {
        screen->draw(lines_for(LiveScreen::size(), *shown));
      } else {
        say(options_.json ? shown->text : shown->text + "\n");
      }
      if (std::ferror(stdout) != 0) return ExitStatus::kOk;  // nobody reads any more
    } while (!signals.wait(options_.watch));
    return ExitStatus::kOk;
  }

 private:
  struct Shown {
    std::string text;
    std::vector<std::string> missing;
    bool missing_answers = false;
  };

  /// Nothing, and a complaint, when there is nothing to show.
  std::optional<Shown> look() {
    BorderSurvey survey = asker_.ask();
    for (const PeerInfo& peer : plan_.expected) survey.known.emplace(peer.node_id, peer);
    std::vector<std::string> missing = who_is_missing(survey);
    if (survey.answers.empty()) return fail(ExitStatus::kUnavailable, missing);
    BorderMatrix matrix = add_up(survey.answers, survey.incomplete_regions());
    if (matrix.borders.empty()) {
      return fail(ExitStatus::kFailure, {"this cluster has no table of regions"});
    }
    if (options_.watch.count() > 0)
      rates_.look(survey.answers, std::chrono::steady_clock::now(), matrix);
    if (plan_.scenario) add_prediction(*plan_.scenario, matrix);
    return Shown{options_.json ? json_of(matrix, survey, options_.topics) + "\n"
                               : matrix_text(matrix, options_.topics),
                 std::move(missing), !survey.silent.empty()};
  }

  std::optional<Shown> fail(ExitStatus status, const std::vector<std::string>& complaints) {
    for (const std::string& line : complaints) complain(kVerb, line);
    failure_ = status;
    return std::nullopt;
  }

  static std::vector<std::string> lines_for(const ScreenSize& screen, const Shown& shown) {
    std::vector<std::string> lines;
    std::istringstream text(shown.text);
    for (std::string line; std::getline(text, line);) lines.push_back(std::move(line));
    lines.insert(lines.end(), shown.missing.begin(), shown.missing.end());
    for (std::string& line : lines) line = cut_to(line, screen.columns);
    if (lines.size() >= screen.rows) lines.resize(std::max<std::size_t>(screen.rows, 2) - 1);
    return lines;
  }

  static void say(const std::string& text) {
    std::fwrite(text.data(), 1, text.size(), stdout);
    std::fflush(stdout);
  }

  const RegionsOptions& options_;
  const Plan plan_;
  BorderAsker asker_;
  BorderRates rates_;
  ExitStatus failure_ = ExitStatus::kOk;
};

ExitStatus run_regions(const RegionsOptions& options) {
  std::optional<Plan> plan = read_plan(options);
  if (!plan) return ExitStatus::kUsage;
  if (options.watch.count() == 0) return Look(options, *std::move(plan)).once();
  StopSignals signals;
  return Look(options, *std::move(plan)).watch(signals);
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
  verb->add_option("--topics", options->topics,
                   "So many of the busiest topics of each pair of regions")
      ->type_name("N")
      ->capture_default_str();
  add_duration_option(
      *verb, "--watch", options->watch,
      "Look again this often until Ctrl-C, and show how fast borders are crossed now")
      ->expected(0, 1)
      ->default_str("2s");
  verb->add_flag("--json", options->json, "Print one JSON object, with --watch one a line");
  add_connection_options(*verb, options->connection);
  verb->footer(
      "Every broker counts what it exchanges with other regions; this adds it up.\n"
      "Without CLUSTER it asks each broker of --broker or $PHYLLO_BROKERS, and says how\n"
      "many it left out. DATA, CONTROL, COST and the topics are of this month (UTC), or\n"
      "since a broker started that keeps nothing (node.state_dir). RATE is of the last\n"
      "day, NOW of the last seconds. Money is in the currency of the table of regions.\n\n"
      "MONTH is what the whole month will cost if what is left of it is like the usual\n"
      "day: the median of the last seven, each of 24 whole hours. Before three of these\n"
      "were counted it is like the last day, before ten minutes nothing is added. A !\n"
      "says that the budget will be passed so, or if the rest is like the last day.\n\n"
      "Examples:\n"
      "  phyllo regions /etc/phyllo/cluster.yaml\n"
      "  phyllo regions /etc/phyllo/cluster.yaml --load load.yaml\n"
      "  phyllo regions /etc/phyllo/cluster.yaml --watch 5s\n"
      "  phyllo regions -b tcp://10.1.0.11:7401 -b tcp://10.2.0.11:7401 --json");
  return {verb, [options] { return run_regions(*options); }};
}

}  // namespace phyllo::cli
