// phyllod as a process: its command line, signals, ports and exit statuses.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <fstream>
#include <regex>

#include "tests/support/processes/phyllod_process.h"

namespace phyllo::test {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string config(const std::string& more = "seeds: []") {
  return "cluster: test\n"
         "node:\n  region: eu-west\n"
         "peers:\n  local:\n    listen: tcp://127.0.0.1:0\n  " +
         more +
         "\nclients:\n  listen: [tcp://127.0.0.1:0]\n"
         "http:\n  listen: 127.0.0.1:0\n";
}

std::string config_with_seed(const PhyllodProcess& seed) {
  return config("seeds: [" + seed.ports().at("local").get<std::string>() + "]");
}

TEST(Phyllod, DrainsOnSigtermAndExitsInOrder) {
  const ScratchFolder folder;
  PhyllodProcess broker(folder.path(), "one", config());
  ASSERT_TRUE(broker.ready()) << broker.log();
  EXPECT_EQ(broker.get("/healthz"), "ok\n");
  broker.signal(SIGTERM);
  EXPECT_EQ(broker.exit_status(), 0);
  EXPECT_THAT(broker.log(), HasSubstr("SIGTERM: draining"));
  EXPECT_THAT(broker.log(), HasSubstr("state left"));
}

TEST(Phyllod, EachLineOfTheLogSaysWhoSpeaks) {
  const ScratchFolder folder;
  PhyllodProcess broker(folder.path(), "one", config());
  ASSERT_TRUE(broker.ready()) << broker.log();
  const std::string node = broker.ports().at("node").get<std::string>().substr(0, 8);
  std::istringstream lines(broker.log());
  for (std::string line; std::getline(lines, line);)
    EXPECT_THAT(line, HasSubstr(node + " eu-west"));
}

TEST(Phyllod, BrokersFindEachOtherThroughASeed) {
  const ScratchFolder folder;
  PhyllodProcess one(folder.path(), "one", config());
  ASSERT_TRUE(one.ready()) << one.log();
  PhyllodProcess two(folder.path(), "two", config_with_seed(one));
  ASSERT_TRUE(two.ready()) << two.log();
  EXPECT_TRUE(eventually([&] {
    return one.metric("phyllo_leaf_set_size") == 1 && two.metric("phyllo_leaf_set_size") == 1;
  }));
  two.signal(SIGTERM);
  EXPECT_EQ(two.exit_status(), 0);
  EXPECT_TRUE(eventually([&] { return one.metric("phyllo_leaf_set_size") == 0; }));
}

TEST(Phyllod, BrokerOfAnotherClusterIsRefusedAndBothLogsSayWhy) {
  const ScratchFolder folder;
  PhyllodProcess one(folder.path(), "one", config());
  ASSERT_TRUE(one.ready()) << one.log();
  const std::string other =
      std::regex_replace(config_with_seed(one), std::regex("cluster: test"), "cluster: staging");
  PhyllodProcess two(folder.path(), "two", other);
  ASSERT_TRUE(two.listens()) << two.log();
  const std::string reason = "(cluster): this is cluster 'test', not 'staging'";
  EXPECT_TRUE(eventually([&] {
    return one.log().find(reason) != std::string::npos &&
           two.log().find(reason) != std::string::npos;
  })) << one.log()
      << two.log();
  EXPECT_EQ(one.metric("phyllo_leaf_set_size"), 0);
}

TEST(Phyllod, SecondBrokerWithTheSameIdResignsAndSaysWhy) {
  const ScratchFolder folder;
  const std::string id = "\n  id: 000000000000000000000000000000aa";
  const auto with_id = [&](std::string text) { return text.replace(text.find("\npeers"), 0, id); };
  PhyllodProcess seed(folder.path(), "seed", config());
  ASSERT_TRUE(seed.ready()) << seed.log();
  PhyllodProcess first(folder.path(), "first", with_id(config_with_seed(seed)));
  ASSERT_TRUE(first.ready()) << first.log();
  PhyllodProcess second(folder.path(), "second", with_id(config_with_seed(seed)));
  EXPECT_EQ(second.exit_status(), 1);
  EXPECT_THAT(second.log(), HasSubstr("000000000000000000000000000000aa is taken by " +
                                      first.ports().at("local").get<std::string>()));
  EXPECT_EQ(first.get("/readyz"), "active\n");
}

TEST(Phyllod, SighupTakesLogLevelsAndNamesWhatNeedsARestart) {
  const ScratchFolder folder;
  PhyllodProcess broker(folder.path(), "one", config());
  ASSERT_TRUE(broker.ready()) << broker.log();
  std::ofstream(broker.config_file())
      << config() + "logging:\n  level: debug\noverlay:\n  hop_limit: 32\n";
  broker.signal(SIGHUP);
  EXPECT_TRUE(eventually([&] {
    const std::string log = broker.log();
    return log.find("reload: logging.level changed") != std::string::npos &&
           log.find("reload: overlay.hop_limit is different, but takes a restart") !=
               std::string::npos;
  })) << broker.log();

  std::ofstream(broker.config_file()) << "cluster: [\n";
  broker.signal(SIGHUP);
  EXPECT_TRUE(eventually([&] {
    return broker.log().find("reload: nothing was changed") != std::string::npos;
  })) << broker.log();
  EXPECT_EQ(broker.get("/readyz"), "active\n");
}

TEST(Phyllod, PortInUseIsOneLineAndStatusOne) {
  const ScratchFolder folder;
  PhyllodProcess one(folder.path(), "one", config());
  ASSERT_TRUE(one.ready()) << one.log();
  const std::string taken = one.ports().at("local");
  std::string text = config();
  text.replace(text.find("tcp://127.0.0.1:0"), 17, taken);
  PhyllodProcess two(folder.path(), "two", text);
  EXPECT_EQ(two.exit_status(), 1);
  EXPECT_EQ(two.log(), "phyllod: cannot listen on " + taken + ": Address already in use\n");
}

TEST(Phyllod, SocketFileOfAKilledBrokerDoesNotKeepItFromStartingAgain) {
  const ScratchFolder folder;
  std::string text = config();
  text.replace(text.rfind("[tcp://127.0.0.1:0]"), 19,
               "[\"ipc://" + (folder.path() / "s").string() + "\"]");
  for (const char* name : {"one", "two"}) {
    PhyllodProcess broker(folder.path(), name, text);
    ASSERT_TRUE(broker.ready()) << broker.log();
    broker.signal(SIGKILL);
    EXPECT_EQ(broker.exit_status(), 128 + SIGKILL);
  }
}

TEST(Phyllod, WrongSettingsAreStatus78WithTheirPlace) {
  const ScratchFolder folder;
  PhyllodProcess broker(folder.path(), "one", "clutser: test\n");
  EXPECT_EQ(broker.exit_status(), 78);
  EXPECT_THAT(broker.log(), HasSubstr("one.yaml:1:1: "));
  EXPECT_THAT(broker.log(), HasSubstr("cluster"));
}

TEST(Phyllod, WrongUsageIsStatus2) {
  const ScratchFolder folder;
  PhyllodProcess none(folder.path(), "none", std::vector<std::string>{});
  EXPECT_EQ(none.exit_status(), 2);
  EXPECT_THAT(none.log(), HasSubstr("--config"));
  PhyllodProcess unknown(folder.path(), "unknown", std::vector<std::string>{"--frobnicate"});
  EXPECT_EQ(unknown.exit_status(), 2);
}

TEST(Phyllod, VersionHelpAndCheckAnswerAndExit) {
  const ScratchFolder folder;
  PhyllodProcess version(folder.path(), "version", std::vector<std::string>{"--version"});
  EXPECT_EQ(version.exit_status(), 0);
  EXPECT_THAT(version.log(), testing::StartsWith("phyllod "));
  PhyllodProcess help(folder.path(), "help", std::vector<std::string>{"--help"});
  EXPECT_EQ(help.exit_status(), 0);
  EXPECT_THAT(help.log(), HasSubstr("Exit status"));
  std::ofstream(folder.path() / "good.yaml") << config();
  PhyllodProcess check(
      folder.path(), "check",
      std::vector<std::string>{"--check", "--config", folder.path() / "good.yaml"});
  EXPECT_EQ(check.exit_status(), 0);
  EXPECT_THAT(check.log(), HasSubstr("cluster: test"));
}

}  // namespace
}  // namespace phyllo::test
