#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <signal.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "cli/display_text.h"
#include "tests/cli/program/command.h"

namespace phyllo::cli {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::StartsWith;

const std::vector<std::string> kExperiments{"pastry", "churn", "mass-failure", "scribe",
                                            "heal",   "idle",  "swarm"};

/// The smallest run there is.
std::vector<std::string> small(std::vector<std::string> more) {
  std::vector<std::string> words{"sim",       "pastry", "--part",  "growth", "--nodes", "20",
                                 "--lookups", "50",     "--seeds", "2",      "--jobs",  "2"};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

std::string usage_error(const std::vector<std::string>& arguments) {
  const CommandResult result = phyllo(arguments);
  EXPECT_EQ(result.status, 2);
  EXPECT_EQ(result.out, "");
  EXPECT_EQ(std::ranges::count(result.err, '\n'), 1) << result.err;
  return result.err;
}

TEST(Sim, PrintsAReportThatSaysHowToRepeatIt) {
  const CommandResult result = phyllo(small({}));
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("phyllo sim pastry --nodes 20 --lookups 50 --part growth "
                                    "--seeds 2\n"));
  EXPECT_THAT(result.err, HasSubstr(" events in "));
}

TEST(Sim, GivesTheSameReportWithAnyNumberOfJobs) {
  std::vector<std::string> words = small({"--json", "--quiet"});
  const CommandResult two = phyllo(words);
  words[11] = "1";
  const CommandResult one = phyllo(words);
  EXPECT_EQ(one.out, two.out);
  EXPECT_EQ(one.err, "");
  EXPECT_EQ(nlohmann::json::parse(one.out)["seeds"], (nlohmann::json{1, 2}));
}

TEST(Sim, WritesCsvAndHtml) {
  const fs::path page = fs::path(testing::TempDir()) / "phyllo_sim_test.html";
  const CommandResult result = phyllo(small({"--csv", "--html", page.string()}));
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("\r\nseed,1\r\nseed,2\r\n"));
  std::ostringstream html;
  html << std::ifstream(page).rdbuf();
  EXPECT_THAT(html.str(), StartsWith("<!doctype html>"));
  EXPECT_THAT(html.str(), HasSubstr("</html>"));
  fs::remove(page);
}

TEST(Sim, RunsOneSeedWhenOnlyThatIsGiven) {
  const CommandResult result = phyllo({"sim", "pastry", "--part", "growth", "--nodes", "20",
                                       "--lookups", "50", "--seed", "77", "--json", "-q"});
  EXPECT_EQ(nlohmann::json::parse(result.out)["seeds"], (nlohmann::json{77}));
}

TEST(Sim, RefusesWhatCannotBeAndNamesIt) {
  EXPECT_THAT(usage_error({"sim", "pastry", "--nodes", "1"}),
              HasSubstr("--nodes: Value 1 not in range 2 to"));
  EXPECT_THAT(usage_error({"sim", "pastry", "--seeds", "0"}), HasSubstr("--seeds: Value 0"));
  EXPECT_THAT(usage_error({"sim", "pastry", "--leaf-set", "7"}), HasSubstr("7, which is odd"));
  EXPECT_THAT(usage_error({"sim", "pastry", "--part", "grwth"}), HasSubstr("grwth"));
  EXPECT_THAT(usage_error({"sim", "pastry", "--json", "--csv"}), HasSubstr("only one of"));
  EXPECT_EQ(usage_error({"sim", "pastry", "--nodse=3"}),
            "phyllo sim pastry: unknown option --nodse; did you mean --nodes? (see phyllo sim "
            "pastry --help)\n");
}

/// Each experiment at its smallest.
TEST(Sim, RunsEveryExperiment) {
  const std::vector<std::vector<std::string>> all = {
      {"churn", "--nodes", "20", "--session", "10m", "--settle", "1m", "--length", "2m", "--loss",
       "0"},
      {"mass-failure", "--nodes", "20", "--share", "0.5", "--subscribers", "5"},
      {"scribe", "--part", "trees", "--nodes", "50", "--groups", "5"},
      {"heal", "--network", "transit-stub", "--nodes", "10", "--share", "0.5", "--cut", "10s"},
      {"idle", "--regions", "2", "--brokers", "2", "--rest", "1m", "--length", "2m"}};
  for (std::vector<std::string> words : all) {
    words.insert(words.begin(), "sim");
    words.insert(words.end(), {"--seed", "1", "--quiet", "--json"});
    const CommandResult result = phyllo(words);
    EXPECT_EQ(result.status, 0) << words[1] << "\n" << result.err;
    EXPECT_FALSE(nlohmann::json::parse(result.out)["tables"].empty()) << words[1];
  }
}

TEST(Sim, RunsAUsersOwnFile) {
  const CommandResult result =
      phyllo({"sim", PHYLLO_SOURCE_DIR "/configs/simulation/own-cluster.yaml", "--quiet"});
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("The deployment of configs/regions"));
  EXPECT_THAT(result.out, HasSubstr("eu-west-1"));
}

TEST(Sim, ShowsEveryMistakeOfAFile) {
  const fs::path file = fs::path(testing::TempDir()) / "phyllo_sim_test.yaml";
  std::ofstream(file) << "duration: 5\nregoins: {}\n";
  const CommandResult result = phyllo({"sim", file.string()});
  EXPECT_EQ(result.status, 2);
  EXPECT_EQ(result.out, "");
  EXPECT_THAT(result.err, HasSubstr(file.string() + ":1:11: duration"));
  EXPECT_THAT(result.err, HasSubstr(":2:1: unknown key 'regoins'; did you mean 'regions'?"));
  fs::remove(file);
}

TEST(Sim, SuggestsTheExperimentThatWasMeant) {
  EXPECT_THAT(usage_error({"sim", "patsry"}), HasSubstr("did you mean the experiment pastry?"));
  EXPECT_THAT(usage_error({"sim"}), HasSubstr("name a FILE or an experiment: pastry, "));
}

TEST(Sim, SaysBeforeTheRunThatThePageCannotBeWritten) {
  const CommandResult result = phyllo({"sim", "pastry", "--html", "/nowhere/page.html"});
  EXPECT_EQ(result.status, 1);
  EXPECT_THAT(result.err, HasSubstr("cannot write /nowhere/page.html"));
}

TEST(Sim, LeavesOutTheSeedsThatRunWhenItIsStopped) {
  Command command(phyllo_words({"sim", "scribe", "--nodes", "100000", "--jobs", "2"}));
  EXPECT_TRUE(command.await_err("virtual"));
  command.send(SIGINT);
  const CommandResult result = command.finish();
  EXPECT_EQ(result.status, 130);
  EXPECT_THAT(result.out, HasSubstr("before any seed had come to its end"));
  EXPECT_THAT(result.out, HasSubstr("100000"));
}

TEST(Sim, EndsAtTheSecondSignalAtTheLatest) {
  Command command(phyllo_words({"sim", "pastry", "--part", "growth", "--nodes", "100000"}));
  EXPECT_TRUE(command.await_err("virtual"));
  command.send(SIGINT);
  EXPECT_TRUE(command.await_err("stopping"));
  command.send(SIGINT);
  EXPECT_EQ(command.finish().status, 130);
}

TEST(SimHelp, ExplainsEachExperimentWithExamplesIn80Columns) {
  for (const std::string& experiment : kExperiments) {
    const CommandResult result = phyllo({"sim", experiment, "--help"});
    EXPECT_EQ(result.status, 0) << experiment;
    EXPECT_THAT(result.out, HasSubstr("Usage: phyllo sim " + experiment));
    EXPECT_THAT(result.out, HasSubstr("Examples:\n  "));
    std::istringstream lines(result.out);
    for (std::string line; std::getline(lines, line);) EXPECT_LE(display_width(line), 88u) << line;
    EXPECT_EQ(phyllo({"help", "sim", experiment}).out, result.out);
    EXPECT_THAT(phyllo({"sim", "--help"}).out, HasSubstr("\n  " + experiment + " "));
  }
}

}  // namespace
}  // namespace phyllo::cli
