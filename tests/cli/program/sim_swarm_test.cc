#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/cli/program/command.h"

namespace phyllo::cli {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::StartsWith;

std::string plan_file(const std::string& name, const std::string& text) {
  const fs::path path = fs::path(testing::TempDir()) / name;
  std::ofstream(path) << text;
  return path.string();
}

TEST(SimSwarm, RunsSeedsAndReportsWhatHappened) {
  const CommandResult result = phyllo({"sim", "swarm", "--seeds", "3", "--json", "--quiet"});
  EXPECT_EQ(result.status, 0) << result.out << result.err;
  const auto report = nlohmann::json::parse(result.out);
  EXPECT_EQ(report["seeds"], (nlohmann::json{1, 2, 3}));
  EXPECT_EQ(report["command"], "phyllo sim swarm --seeds 3");
}

TEST(SimSwarm, StopsWhenItsTimeIsOver) {
  const CommandResult result = phyllo({"sim", "swarm", "--minutes", "0.001", "--quiet"});
  EXPECT_EQ(result.status, 0) << result.out << result.err;
  EXPECT_THAT(result.out, HasSubstr("What happened in them"));
}

TEST(SimSwarm, ReplaysASeedBitForBit) {
  const std::vector<std::string> words{"sim", "swarm", "--replay", "5", "--trace"};
  const CommandResult once = phyllo(words);
  EXPECT_EQ(once.status, 0) << once.err;
  EXPECT_THAT(once.out, StartsWith("seed 5: "));
  EXPECT_THAT(once.out, HasSubstr(" sends "));
  EXPECT_THAT(once.out, HasSubstr("every invariant held\n"));
  EXPECT_EQ(phyllo(words).out, once.out);
}

TEST(SimSwarm, ReplaysAReducedPlan) {
  const std::string plan = plan_file("phyllo_swarm.plan",
                                     "1s program 0 subscribes t/0 policy conflate credit 1000 "
                                     "queue 0  # all that happens\n");
  const CommandResult result = phyllo({"sim", "swarm", "--replay", "5", "--plan", plan});
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("\n1s program 0 subscribes t/0 policy conflate"));
  EXPECT_THAT(result.out, HasSubstr("faults 0"));
}

TEST(SimSwarm, RefusesWhatCannotBe) {
  const auto error = [](std::vector<std::string> words) {
    words.insert(words.begin(), {"sim", "swarm"});
    const CommandResult result = phyllo(words);
    EXPECT_EQ(result.status, 2);
    EXPECT_EQ(result.out, "");
    EXPECT_EQ(std::ranges::count(result.err, '\n'), 1) << result.err;
    return result.err;
  };
  EXPECT_THAT(error({"--trace"}), HasSubstr("--replay"));
  EXPECT_THAT(error({"--brokers", "4"}), HasSubstr("--brokers"));
  EXPECT_THAT(error({"--replay", "5", "--plan", "/nowhere"}), HasSubstr("/nowhere"));
  const std::string nonsense = plan_file("phyllo_nonsense.plan", "1s heal\n2s rain\n");
  EXPECT_THAT(error({"--replay", "5", "--plan", nonsense}),
              HasSubstr("line 2: there is no fault 'rain'"));
  const std::string nobody = plan_file("phyllo_nobody.plan", "1s crash 999 silent\n");
  EXPECT_THAT(error({"--replay", "5", "--plan", nobody}), HasSubstr("there are brokers 0 to"));
}

}  // namespace
}  // namespace phyllo::cli
