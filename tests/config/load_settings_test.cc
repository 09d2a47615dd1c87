#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <string>

#include "broker/config/settings.h"
#include "tests/config/config_folder.h"

namespace phyllo::broker {
namespace {

using testing::ElementsAre;

constexpr const char* kLeast = "peers: {seeds: []}\n";

TEST(LoadSettings, ReadsTheLeastFileThatIsComplete) {
  const ConfigFolder folder;
  folder.write("node.yaml", kLeast);
  const LoadedSettings loaded = folder.load("node.yaml");
  ASSERT_TRUE(loaded.ok());
  EXPECT_EQ(loaded.settings->core.cluster, "phyllo");
  EXPECT_TRUE(loaded.settings->peers.seeds.empty());
}

TEST(LoadSettings, SaysThatAFileIsMissing) {
  const ConfigFolder folder;
  EXPECT_THAT(folder.errors("node.yaml"),
              ElementsAre("node.yaml:1:1: cannot read 'node.yaml': No such file or directory"));
}

TEST(LoadSettings, SaysThatAFolderIsNoFile) {
  const ConfigFolder folder;
  std::filesystem::create_directory(folder.path("node.yaml"));
  EXPECT_THAT(folder.errors("node.yaml"),
              ElementsAre("node.yaml:1:1: cannot read 'node.yaml': is a directory"));
}

TEST(LoadSettings, RefusesAFileOfTenMebibytesOfNesting) {
  const ConfigFolder folder;
  folder.write("node.yaml", std::string(10 << 20, '['));
  EXPECT_THAT(folder.errors("node.yaml"),
              ElementsAre("node.yaml:1:1: the file is larger than 1MiB; is this a configuration?"));
}

TEST(LoadSettings, RefusesDeepNestingThatFitsTheSizeLimit) {
  const std::string depth = std::string(500'000, '[') + std::string(500'000, ']');
  EXPECT_THAT(parse_settings("a:\n  " + depth, "deep.yaml").errors,
              ElementsAre("deep.yaml:2:34: not valid YAML: nested deeper than 32 levels"));
}

TEST(LoadSettings, ReadsAnEndlessFileOnlyToTheLimit) {
  EXPECT_THAT(load_settings("/dev/zero").errors,
              ElementsAre("/dev/zero:1:1: the file is larger than 1MiB; is this a configuration?"));
}

TEST(LoadSettings, AcceptsAFileOfExactlyTheLimit) {
  std::string text = kLeast;
  text += "#" + std::string((1 << 20) - text.size() - 1, 'x');
  EXPECT_TRUE(parse_settings(text, "large.yaml").ok());
  EXPECT_FALSE(parse_settings(text + "x", "large.yaml").ok());
}

TEST(LoadSettings, LimitsHowManyMistakesItLists) {
  std::string text = kLeast;
  for (int i = 0; i < 2000; ++i) text += "peers: {}\n";
  const auto errors = parse_settings(text, "many.yaml").errors;
  ASSERT_EQ(errors.size(), 51u);
  EXPECT_EQ(errors.front(), "many.yaml:2:1: duplicate key 'peers', first given in line 1");
  EXPECT_EQ(errors.back(), "there may be more errors; only the first ones are listed");
}

TEST(LoadSettings, RefusesAMapOfTooManyKeys) {
  std::string text;
  for (int i = 0; i < 2000; ++i) text += "k" + std::to_string(i) + ": 1\n";
  EXPECT_THAT(parse_settings(text, "many.yaml").errors,
              ElementsAre("many.yaml:1001:8: not valid YAML: more than 1000 keys in one map"));
}

TEST(LoadSettings, SkipsAByteOrderMark) {
  EXPECT_TRUE(parse_settings("\xef\xbb\xbfpeers: {seeds: []}\n", "bom.yaml").ok());
}

TEST(LoadSettings, ReadsWindowsLineEnds) {
  const auto loaded = parse_settings("cluster: c\r\npeers:\r\n  seeds: []\r\n", "crlf.yaml");
  ASSERT_TRUE(loaded.ok());
  EXPECT_EQ(loaded.settings->core.cluster, "c");
  EXPECT_THAT(parse_settings("cluster: c\r\npeers:\r\n  seds: []\r\n", "crlf.yaml").errors,
              ElementsAre("crlf.yaml:3:3: unknown key 'seds' in peers; did you mean 'seeds'?"));
}

TEST(LoadSettings, TakesAnEmptySectionForAnAbsentOne) {
  EXPECT_TRUE(parse_settings("peers: {seeds: []}\noverlay:\n  # nothing\nhttp: {}\n", "e").ok());
}

TEST(LoadSettings, ReadsOctalLookingDigitsInATextAsTheyAre) {
  const auto loaded = parse_settings("cluster: 010\npeers: {seeds: []}\n", "text.yaml");
  ASSERT_TRUE(loaded.ok());
  EXPECT_EQ(loaded.settings->core.cluster, "010");
}

TEST(LoadSettings, ASingleTimerWinsOverTheProfile) {
  const auto loaded = parse_settings(
      "overlay: {timers: {heartbeat: 7s, silence: 20s}}\nprofile: paper\npeers: {seeds: []}\n",
      "t");
  ASSERT_TRUE(loaded.ok());
  const overlay::Timers& timers = loaded.settings->core.overlay.timers;
  EXPECT_EQ(timers.heartbeat, std::chrono::seconds(7));
  EXPECT_EQ(timers.pause, overlay::Timers::paper().pause);
  EXPECT_EQ(loaded.settings->core.multicast.heartbeat, multicast::ForestConfig::paper().heartbeat);
}

TEST(LoadSettings, TheGlobalRingsProfileSetsTheTimersOfBorders) {
  const auto loaded = parse_settings(
      "profile: paper\noverlay: {global_ring: {profile: lan}}\npeers: {seeds: []}\n"
      "borders: {timers: {retry: 7s}}\n",
      "t");
  ASSERT_TRUE(loaded.ok());
  const regions::BordersConfig& borders = loaded.settings->core.borders;
  EXPECT_EQ(borders.retry, std::chrono::seconds(7));
  EXPECT_EQ(borders.refresh, regions::BordersConfig::lan().refresh);
  EXPECT_EQ(borders.lease, regions::BordersConfig::lan().lease);
}

TEST(LoadSettings, TheLogLevelHoldsForSubsystemsNotNamed) {
  const auto loaded = parse_settings(
      "peers: {seeds: []}\nlogging: {levels: {overlay: debug}, level: error}\n", "levels.yaml");
  ASSERT_TRUE(loaded.ok());
  EXPECT_EQ(loaded.settings->logging.of(Subsystem::kOverlay), LogLevel::kDebug);
  EXPECT_EQ(loaded.settings->logging.of(Subsystem::kHttp), LogLevel::kError);
}

TEST(LoadSettings, HttpCanBeTurnedOff) {
  const auto loaded = parse_settings("peers: {seeds: []}\nhttp: {listen: none}\n", "http.yaml");
  ASSERT_TRUE(loaded.ok());
  EXPECT_FALSE(loaded.settings->http.listen);
}

TEST(LoadSettings, PortsMayBeLeftToTheSystem) {
  const auto loaded = parse_settings(
      "peers: {local: {listen: tcp://127.0.0.1:0}, wan: {listen: tcp://127.0.0.1:0}, seeds: []}\n"
      "clients: {listen: [tcp://127.0.0.1:0]}\nhttp: {listen: 127.0.0.1:0}\n",
      "ports.yaml");
  EXPECT_THAT(loaded.errors, ElementsAre());
}

}  // namespace
}  // namespace phyllo::broker
