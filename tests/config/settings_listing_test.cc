#include "broker/config/settings_listing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <string>

#include "broker/config/check_config.h"
#include "tests/config/config_folder.h"

namespace phyllo::broker {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

overlay::Endpoint arbitrary_endpoint() {
  const int last = *rc::gen::inRange(1, 255);
  const int port = *rc::gen::inRange(1, 65536);
  const bool ipv6 = *rc::gen::arbitrary<bool>();
  const std::string host =
      ipv6 ? "[fd00::" + std::to_string(last) + "]" : "10.0.0." + std::to_string(last);
  return *overlay::Endpoint::parse("tcp://" + host + ":" + std::to_string(port));
}

/// Between the regions that there are.
void add_borders_and_rules(Settings& settings) {
  std::vector<std::string> names;
  for (const auto& [name, region] : settings.regions) names.push_back(name);
  for (auto& [name, region] : settings.regions) {
    region.price_per_gb = *rc::gen::inRange(0, 64) / 64.0;
    const std::string to = *rc::gen::elementOf(names);
    if (to == name) continue;
    BorderSettings& border = region.to[to];
    if (*rc::gen::arbitrary<bool>()) border.price_per_gb = *rc::gen::inRange(0, 64) / 64.0;
    if (*rc::gen::arbitrary<bool>()) border.budget = *rc::gen::inRange(0, 1'000'000);
    if (*rc::gen::arbitrary<bool>()) border.round_trip = std::chrono::microseconds(85'500);
    border.weight = *rc::gen::inRange(0, 64) / 64.0;
  }
  const int rules = *rc::gen::inRange(0, 3);
  for (int i = 0; i < rules; ++i) {
    const auto match = *rc::gen::element<std::string>("a/#", "#", "+/b", "a: b/é", "null", "-");
    settings.topics.push_back({match, names});
  }
}

/// Settings that no check has to refuse.
Settings arbitrary_settings() {
  Settings settings;
  settings.profile = *rc::gen::element(Profile::kLan, Profile::kWan, Profile::kPaper);
  settings.core.overlay.hop_limit = *rc::gen::inRange(4u, 256u);
  settings.core.overlay.cross_region_factor = *rc::gen::inRange(64, 6400) / 64.0;
  settings.core.overlay.timers.heartbeat = std::chrono::milliseconds(*rc::gen::inRange(1, 900));
  settings.core.overlay.timers.silence = std::chrono::milliseconds(*rc::gen::inRange(901, 90'000));
  settings.core.clients.message_bytes = *rc::gen::inRange<std::size_t>(1024, 8 << 20);
  settings.core.clients.slow_policy =
      *rc::gen::element(SlowPolicy::kDropOldest, SlowPolicy::kDropNewest, SlowPolicy::kConflate,
                        SlowPolicy::kDisconnect);
  settings.peers.listen_local = *overlay::Endpoint::parse("tcp://*:7400");
  settings.peers.advertise_local = arbitrary_endpoint();
  settings.peers.seeds = {arbitrary_endpoint()};
  settings.node_id = overlay::NodeId(*rc::gen::arbitrary<std::uint64_t>());
  settings.logging.level = *rc::gen::element(LogLevel::kDebug, LogLevel::kError, LogLevel::kOff);
  settings.logging.levels[2] = *rc::gen::element(LogLevel::kDebug, LogLevel::kWarning);
  settings.logging.destination = *rc::gen::element<std::string>(
      "stderr", "/var/log/a, b: [c].log", "# no comment", "\"x\"", "~", "é\\", "a: b", "'", "-");
  if (*rc::gen::arbitrary<bool>()) settings.http.listen = std::nullopt;
  settings.region = *rc::gen::element<std::string>("default", "eu-west", "null", "7");
  for (int i = *rc::gen::inRange(0, 3); i > 0; --i) {
    settings.regions[*rc::gen::element<std::string>("eu-west", "us.east", "null", "7")];
    settings.regions[settings.region];
    add_borders_and_rules(settings);
  }
  settings.state_dir = *rc::gen::element<std::optional<std::string>>(
      std::nullopt, "/var/lib/phyllo", "./none", "with: a colon", "#1");
  settings.global_ring.timers.heal = std::chrono::seconds(*rc::gen::inRange(1, 90));
  return settings;
}

RC_GTEST_PROP(SettingsListing, YamlReadsBackAsTheSameSettings, ()) {
  const Settings settings = arbitrary_settings();
  const LoadedSettings loaded = parse_settings(settings_as_yaml(settings), "printed.yaml");
  if (!loaded.ok()) RC_FAIL(loaded.errors.front());
  RC_ASSERT(changed_settings(settings, *loaded.settings).empty());
  RC_ASSERT(settings_as_yaml(*loaded.settings) == settings_as_yaml(settings));
}

TEST(SettingsListing, NamesWhatChanged) {
  Settings before;
  Settings after = before;
  after.core.overlay.timers.heartbeat += Duration(1);
  after.http.listen = std::nullopt;
  EXPECT_THAT(changed_settings(before, after),
              ElementsAre("http.listen", "overlay.timers.heartbeat"));
  EXPECT_THAT(changed_settings(before, before), ElementsAre());
}

TEST(SettingsListing, NamesARegionThatCameOrWent) {
  Settings before;
  before.regions = {{"eu", {}}, {"us", {}}};
  Settings after = before;
  after.regions.erase("eu");
  EXPECT_THAT(changed_settings(before, after), ElementsAre("regions"));
  EXPECT_THAT(changed_settings(after, before), ElementsAre("regions"));
}

TEST(CheckConfig, PrintsTheSettingsInEffectAsAFileThatLoads) {
  const ConfigFolder folder;
  folder.write("node.yaml", "cluster: c\nprofile: wan\npeers: {seeds: []}\n");
  const ConfigCheck check = check_config(folder.path("node.yaml"));
  EXPECT_TRUE(check.ok);
  EXPECT_THAT(check.text, HasSubstr("node.yaml is valid"));
  EXPECT_THAT(check.text, HasSubstr("\nprofile: wan\n"));
  folder.write("printed.yaml", check.text);
  const LoadedSettings printed = folder.load("printed.yaml");
  ASSERT_TRUE(printed.ok());
  EXPECT_THAT(changed_settings(*printed.settings, *folder.load("node.yaml").settings),
              ElementsAre());
}

TEST(CheckConfig, PrintsTheIdThisBrokerWillHave) {
  const ConfigFolder folder;
  folder.write("node.yaml", "peers: {seeds: []}\n");
  const Settings settings = *folder.load("node.yaml").settings;
  EXPECT_THAT(check_config(folder.path("node.yaml")).text,
              HasSubstr("node id " + node_id_of(settings, advertised_place(settings, {})).hex()));
  folder.write("open.yaml", "peers: {seeds: [], local: {listen: tcp://127.0.0.1:0}}\n");
  EXPECT_THAT(check_config(folder.path("open.yaml")).text, HasSubstr("known once it listens"));
}

TEST(CheckConfig, PrintsEveryMistake) {
  const ConfigFolder folder;
  folder.write("node.yaml", "clutser: c\nprofile: fast\n");
  const ConfigCheck check = check_config(folder.path("node.yaml"));
  EXPECT_FALSE(check.ok);
  EXPECT_THAT(check.text, HasSubstr("node.yaml:1:1: unknown key 'clutser'"));
  EXPECT_THAT(check.text, HasSubstr("node.yaml:2:10: profile: must be one of"));
  EXPECT_THAT(check.text, HasSubstr("peers.seeds: is missing"));
}

}  // namespace
}  // namespace phyllo::broker
