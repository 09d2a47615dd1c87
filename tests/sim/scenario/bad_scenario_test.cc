#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <vector>

#include "sim/scenario/scenario.h"

namespace phyllo::sim {
namespace {

/// Lines that are added to, or stand instead of, a scenario that is right.
struct BadScenario {
  const char* name;
  std::string text;
  std::vector<std::string> errors;

  friend std::ostream& operator<<(std::ostream& out, const BadScenario& bad) {
    return out << bad.name;
  }
};

const std::string kTime = "duration: 10s\n";
const std::string kRegions =
    "regions:\n"
    "  eu: {brokers: 2, at: westeurope}\n"
    "  us: {brokers: 1, at: eastus}\n";
const std::string kTopics =
    "topics:\n"
    "  - {name: a, publishers: {eu: 1}, subscribers: {us: 2}}\n";
const std::string kGood = kTime + kRegions + kTopics;

class BadScenarioTest : public testing::TestWithParam<BadScenario> {};

TEST_P(BadScenarioTest, IsRefusedWithTheReasonAndThePlace) {
  const LoadedScenario loaded = parse_scenario(GetParam().text, "s.yaml");
  EXPECT_THAT(loaded.errors, testing::ElementsAreArray(GetParam().errors));
  EXPECT_FALSE(loaded.ok());
}

TEST(GoodScenario, IsWhatTheBadOnesDifferFrom) {
  EXPECT_THAT(parse_scenario(kGood, "s.yaml").errors, testing::ElementsAre());
}

std::string fault(const std::string& text) { return kGood + "faults:\n  - {" + text + "}\n"; }
std::string topic(const std::string& text) {
  return kTime + kRegions + "topics:\n  - {name: a, " + text + "}\n";
}

INSTANTIATE_TEST_SUITE_P(
    Values, BadScenarioTest,
    testing::Values(
        BadScenario{"NoDuration", kRegions + kTopics, {"s.yaml:1:1: duration: is missing"}},
        BadScenario{"DurationWithoutUnit",
                    "duration: 10\n" + kRegions + kTopics,
                    {"s.yaml:1:11: duration: must be a duration such as 250ms, 5s or 2min, not "
                     "'10'; the unit is missing"}},
        BadScenario{"DurationTooShort",
                    "duration: 1ms\n" + kRegions + kTopics,
                    {"s.yaml:1:11: duration: must be between 1s and 24h, not 1ms"}},
        BadScenario{"UnknownKey",
                    kGood + "topcs: []\n",
                    {"s.yaml:7:1: unknown key 'topcs'; did you mean 'topics'?"}},
        BadScenario{"UnknownKeyInARegion",
                    kTime + "regions:\n  eu: {borkers: 2}\n" + kTopics,
                    {"s.yaml:3:3: regions: there is not a single broker",
                     "s.yaml:3:8: unknown key 'borkers' in regions.eu; did you mean 'brokers'?",
                     "s.yaml:5:32: topics[0].publishers.eu: the region has no broker",
                     "s.yaml:5:50: topics[0].subscribers: there is no region 'us'"}},
        BadScenario{"DuplicateKey",
                    kTime + kTime + kRegions + kTopics,
                    {"s.yaml:2:1: duplicate key 'duration', first given in line 1"}},
        BadScenario{
            "PlaceOutsideTheMatrix",
            kTime + "regions:\n  eu: {brokers: 2, at: westeurop}\n" + "topics: [{name: a}]\n",
            {"s.yaml:3:24: regions.eu.at: 'westeurop' is no region of the shipped matrix; did "
             "you mean 'westeurope'?"}},
        BadScenario{
            "RegionsOfUnknownDistance",
            kTime + "regions: {eu: {brokers: 1}, us: {brokers: 1}}\n" + kTopics,
            {"s.yaml:2:10: regions: nothing says how far eu is from us; give both a place in "
             "the shipped matrix (at) or add a link"}},
        BadScenario{
            "RegionNameWithBlanks",
            kTime + "regions: {'my region': {brokers: 1}}\ntopics: [{name: a}]\n",
            {"s.yaml:2:10: regions: there is not a single broker",
             "s.yaml:2:11: regions: a name must be 1 to 64 letters, digits, '.', '_' or '-', "
             "not 'my region'"}},
        BadScenario{"TooManyBrokers",
                    kTime + "regions: {eu: {brokers: 5001}}\ntopics: [{name: a}]\n",
                    {"s.yaml:2:10: regions: there is not a single broker",
                     "s.yaml:2:25: regions.eu.brokers: must be between 0 and 5000, not 5001"}},
        BadScenario{
            "LinkToNowhere",
            kGood + "links:\n  - {between: [eu, uss], round_trip: 1ms}\n",
            {"s.yaml:8:20: links[0].between: there is no region 'uss'; did you mean 'us'?"}},
        BadScenario{
            "LinkOfOneRegion",
            kGood + "links:\n  - {between: [eu, eu], round_trip: 1ms}\n",
            {"s.yaml:8:15: links[0].between: two different regions are needed; within one it "
             "is regions.eu.within"}},
        BadScenario{"LinkOfThree",
                    kGood + "links:\n  - {between: [eu, us, eu]}\n",
                    {"s.yaml:8:15: links[0].between: must be a list of two regions"}},
        BadScenario{"LossOfEverything",
                    kGood + "network: {loss: 1}\n",
                    {"s.yaml:7:17: network.loss: must be between 0 and 0.5, not 1"}}),
    [](const auto& bad) { return std::string(bad.param.name); });

INSTANTIATE_TEST_SUITE_P(
    Topics, BadScenarioTest,
    testing::Values(
        BadScenario{
            "NoTopic", kTime + kRegions, {"s.yaml:1:1: topics: there is not a single topic"}},
        BadScenario{"NoName",
                    kTime + kRegions + "topics: [{rate: 1}]\n",
                    {"s.yaml:5:10: topics[0].name: is missing"}},
        BadScenario{
            "InvalidName",
            kTime + kRegions + "topics: [{name: a//b}]\n",
            {"s.yaml:5:17: topics[0].name: invalid topic name: byte 2 leaves a level empty"}},
        BadScenario{"TheSameNameTwice",
                    kTime + kRegions + "topics: [{name: a}, {name: a}]\n",
                    {"s.yaml:5:28: topics[1].name: there is a topic 'a' already"}},
        BadScenario{"UnknownRegion",
                    topic("subscribers: {usa: 1}"),
                    {"s.yaml:6:29: topics[0].subscribers: there is no region 'usa'; did you mean "
                     "'us'?"}},
        BadScenario{"NegativeCount",
                    topic("subscribers: {us: -1}"),
                    {"s.yaml:6:33: topics[0].subscribers.us: must be a whole number, not '-1'"}},
        BadScenario{"QuotedRate",
                    topic("rate: '10'"),
                    {"s.yaml:6:21: topics[0].rate: must be a number, not the text '10'; remove the "
                     "quotes"}},
        BadScenario{"MessageLargerThanBrokersTake",
                    "broker: {clients: {message_size: 1KiB}}\n" + topic("size: 2KiB"),
                    {"s.yaml:7:21: topics[0].size: must be between 16B and 1KiB, not 2KiB"}},
        BadScenario{
            "MoreThanCanBeSimulated",
            topic("rate: 100000, publishers: {eu: 100}, subscribers: {us: 1}"),
            {"s.yaml:6:3: topics: this would deliver 100 million messages; at most 50 million "
             "can be simulated: lower rates, numbers of programs, or the duration"}},
        BadScenario{
            "ListOfPublishers",
            topic("publishers: [eu]"),
            {"s.yaml:6:27: topics[0].publishers: must be a section with names as keys, not a "
             "list"}}),
    [](const auto& bad) { return std::string(bad.param.name); });

INSTANTIATE_TEST_SUITE_P(
    FaultsAndBrokers, BadScenarioTest,
    testing::Values(
        BadScenario{
            "UnknownKind",
            fault("at: 1s, kind: crsh, whom: eu/1"),
            {"s.yaml:8:20: faults[0].kind: must be one of crash, cull, restart, drain, pause, "
             "partition, loss, corruption, duplication, delay, not 'crsh'; did you mean "
             "'crash'?"}},
        BadScenario{"AfterTheEnd",
                    fault("at: 10s, kind: crash, whom: eu/1"),
                    {"s.yaml:8:10: faults[0].at: is not before the end, which is at 10s"}},
        BadScenario{
            "UnknownBroker",
            fault("at: 1s, kind: crash, whom: eu/3"),
            {"s.yaml:8:33: faults[0].whom: there is no broker or region 'eu/3'; did you mean "
             "'eu/1'?"}},
        BadScenario{"RootOfAnUnknownTopic",
                    fault("at: 1s, kind: crash, whom: root of b"),
                    {"s.yaml:8:33: faults[0].whom: there is no topic 'b'"}},
        BadScenario{"NobodyNamed",
                    fault("at: 1s, kind: crash"),
                    {"s.yaml:8:5: faults[0].whom: is missing"}},
        BadScenario{
            "KeyOfAnotherKind",
            fault("at: 1s, kind: crash, whom: eu, lasts: 3s"),
            {"s.yaml:8:37: unknown key 'lasts' in faults[0]; known here: at, kind, how, whom"}},
        BadScenario{"EndlessPause",
                    fault("at: 1s, kind: pause, whom: eu"),
                    {"s.yaml:8:5: faults[0].lasts: is missing"}},
        BadScenario{"ChanceAboveOne",
                    fault("at: 1s, kind: loss, chance: 1.5, lasts: 1s"),
                    {"s.yaml:8:34: faults[0].chance: must be between 0 and 1, not 1.5"}},
        BadScenario{"WrongBrokerSetting",
                    kGood + "broker: {overlay: {leaf_set_sise: 8}}\n",
                    {"s.yaml:7:20: unknown key 'leaf_set_sise' in overlay; did you mean "
                     "'leaf_set_size'?"}},
        BadScenario{"BrokerSettingsThatContradict",
                    kGood + "broker: {overlay: {timers: {silence: 1ms}}}\n",
                    {"s.yaml:7:38: overlay.timers.silence (1ms) must be longer than "
                     "overlay.timers.heartbeat (200ms)"}},
        BadScenario{
            "AddressOfABroker",
            kGood + "broker: {peers: {seeds: []}}\n",
            {"s.yaml:7:17: peers: has no meaning in a simulation; list the brokers' own files "
             "in broker_files instead"}},
        BadScenario{
            "MissingBrokerFile",
            kTime + kTopics + "broker_files: [nowhere.yaml]\n",
            {"s.yaml:1:1: regions: there is not a single broker",
             "s.yaml:3:28: topics[0].publishers: there is no region 'eu'",
             "s.yaml:3:50: topics[0].subscribers: there is no region 'us'",
             "s.yaml:4:16: broker_files: nowhere.yaml:1:1: cannot read 'nowhere.yaml': No such "
             "file or directory"}},
        BadScenario{
            "FilesBesideInlineSettings",
            kGood + "broker: {profile: wan}\nbroker_files: [x.yaml]\n",
            {"s.yaml:8:15: broker_files: the files say what the brokers are told; leave out the "
             "section broker"}},
        BadScenario{
            "NotYaml", "duration: [\n", {"s.yaml:1:11: not valid YAML: this '[' is never closed"}},
        BadScenario{"Empty", "", {"s.yaml:1:1: the file is empty"}}),
    [](const auto& bad) { return std::string(bad.param.name); });

}  // namespace
}  // namespace phyllo::sim
