#include "tests/config/bad_config.h"

namespace phyllo::broker {
namespace {

using namespace std::string_view_literals;

// Settings that are fine alone and wrong together, or missing.
const BadConfig kBadCombinations[] = {
    {"MissingSeeds",
     "cluster: a\n"sv,
     {"bad.yaml:1:1: peers.seeds: is missing; list the peer endpoints of some brokers of the "
      "cluster (the first broker lists its own), or write [] to found a ring without asking "
      "anybody"}},
    {"MissingSeedsInSection",
     "cluster: a\n"
     "peers:\n"
     "  links: 10\n"sv,
     {"bad.yaml:3:3: peers.seeds: is missing; list the peer endpoints of some brokers of the "
      "cluster (the first broker lists its own), or write [] to found a ring without asking "
      "anybody"}},
    {"SilenceNotLonger",
     "peers: {seeds: []}\n"
     "overlay:\n"
     "  timers: {heartbeat: 2s, silence: 2s}\n"sv,
     {"bad.yaml:3:36: overlay.timers.silence (2s) must be longer than overlay.timers.heartbeat "
      "(2s)"}},
    {"SilenceNotLongerInTheGlobalRing",
     "peers: {seeds: []}\n"
     "overlay:\n"
     "  global_ring:\n"
     "    timers: {heartbeat: 3s}\n"sv,
     {"bad.yaml:4:25: overlay.global_ring.timers.silence (2500ms) must be longer than "
      "overlay.global_ring.timers.heartbeat (3s)"}},
    {"LeaseNotLongerThanItsRefresh",
     "peers: {seeds: []}\n"
     "overlay: {global_ring: {profile: lan}}\n"
     "borders: {timers: {refresh: 5s}}\n"sv,
     {"bad.yaml:3:29: borders.timers.lease (4s) must be longer than borders.timers.refresh "
      "(5s)"}},
    {"RegionOfNoTable",
     "node: {region: eu-weast}\n"
     "regions: {eu-west: {}, us-east: {}}\n"
     "peers: {seeds: []}\n"sv,
     {"bad.yaml:1:16: node.region: 'eu-weast' is none of the regions: eu-west, us-east"}},
    {"DefaultRegionBesideATable",
     "regions: {eu-west: {}, us-east: {}}\n"
     "peers: {seeds: []}\n"sv,
     {"bad.yaml:1:1: node.region: 'default' is none of the regions: eu-west, us-east"}},
    {"BorderToNoRegion",
     "node: {region: eu-west}\n"
     "regions:\n"
     "  eu-west: {to: {us-esat: {weight: 1}, eu-west: {}}}\n"
     "  us-east:\n"
     "peers: {seeds: []}\n"sv,
     {"bad.yaml:3:27: regions.eu-west.to: there is no region 'us-esat'; did you mean 'us-east'?",
      "bad.yaml:3:49: regions.eu-west.to.eu-west: a region has no border with itself"}},
    {"TopicRuleWithNoRegion",
     "node: {region: eu-west}\n"
     "regions: {eu-west: {}, us-east: {}}\n"
     "topics:\n"
     "  - {match: a/#, regions: [eu-west, eu-wst]}\n"
     "  - {match: b/#, regions: []}\n"
     "  - {match: c}\n"
     "  - {regions: [us-east]}\n"
     "peers: {seeds: []}\n"sv,
     {"bad.yaml:4:37: topics[0].regions: there is no region 'eu-wst'; did you mean 'eu-west'?",
      "bad.yaml:5:27: topics[1].regions: needs at least one region",
      "bad.yaml:6:5: topics[2].regions: needs at least one region",
      "bad.yaml:7:5: topics[3].match: is missing; which topics is this rule about?"}},
    {"TopicRulesWithoutATable",
     "topics: [{match: a, regions: [default]}]\n"
     "peers: {seeds: []}\n"sv,
     {"bad.yaml:1:31: topics[0].regions: there is no region 'default'"}},
    {"ParentTimeout",
     "peers: {seeds: []}\n"
     "multicast:\n"
     "  timers: {heartbeat: 2s, parent_timeout: 1s}\n"sv,
     {"bad.yaml:3:43: multicast.timers.parent_timeout (1s) must be longer than "
      "multicast.timers.heartbeat (2s)"}},
    {"ChildTimeout",
     "peers: {seeds: []}\n"
     "multicast:\n"
     "  timers: {refresh: 3s, child_timeout: 3s}\n"sv,
     {"bad.yaml:3:40: multicast.timers.child_timeout (3s) must be longer than "
      "multicast.timers.refresh (3s)"}},
    {"FrameTooSmall",
     "peers: {seeds: [], frame_size: 8MiB}\n"sv,
     {"bad.yaml:1:32: peers.frame_size (8MiB) must be at least 8256KiB, because of "
      "clients.message_size"}},
    {"QueueSmallerThanFrame",
     "peers: {seeds: [], queue_size: 15MiB}\n"sv,
     {"bad.yaml:1:32: peers.queue_size (15MiB) must be at least 16MiB, because of "
      "peers.frame_size"}},
    {"ClientSilence",
     "peers: {seeds: []}\n"
     "clients: {heartbeat: 20s}\n"sv,
     {"bad.yaml:2:22: clients.silence (15s) must be longer than clients.heartbeat (20s)"}},
    {"ClientQueue",
     "peers: {seeds: []}\n"
     "clients: {message_size: 2MiB, queue_size: 1MiB}\n"sv,
     {"bad.yaml:2:43: clients.queue_size (1MiB) must be at least 2MiB, because of "
      "clients.message_size"}},
    {"QueueMax",
     "peers: {seeds: []}\n"
     "clients: {queue_size: 300MiB}\n"sv,
     {"bad.yaml:2:23: clients.queue_size_maximum (256MiB) must be at least 300MiB, because of "
      "clients.queue_size"}},
    {"Ingress",
     "peers: {seeds: []}\n"
     "multicast: {ingress_size_per_topic: 4MiB}\n"sv,
     {"bad.yaml:2:37: multicast.ingress_size_per_topic (4MiB) must be at least 8MiB, because of "
      "clients.message_size"}},
    {"Ingress2",
     "peers: {seeds: []}\n"
     "multicast: {ingress_size_per_topic: 64MiB, ingress_size: 32MiB}\n"sv,
     {"bad.yaml:2:58: multicast.ingress_size (32MiB) must be at least 64MiB, because of "
      "multicast.ingress_size_per_topic"}},
    {"WildcardListen",
     "peers:\n"
     "  local:\n"
     "    listen: tcp://*:7400\n"
     "  seeds: []\n"sv,
     {"bad.yaml:3:13: peers.local.advertise: is missing; others cannot connect to 'tcp://*:7400', "
      "say which address they can use"}},
    {"WildcardListen6",
     "peers:\n"
     "  local:\n"
     "    listen: tcp://[::]:7400\n"
     "  seeds: []\n"sv,
     {"bad.yaml:3:13: peers.local.advertise: is missing; others cannot connect to "
      "'tcp://[::]:7400', say which address they can use"}},
    {"WildcardWan",
     "peers:\n"
     "  wan:\n"
     "    listen: tcp://0.0.0.0:7500\n"
     "  seeds: []\n"sv,
     {"bad.yaml:3:13: peers.wan.advertise: is missing; others cannot connect to "
      "'tcp://0.0.0.0:7500', say which address they can use"}},
    {"AdvertiseStar",
     "peers:\n"
     "  local:\n"
     "    listen: tcp://*:7400\n"
     "    advertise: tcp://*:7400\n"
     "  seeds: []\n"sv,
     {"bad.yaml:4:16: peers.local.advertise: invalid endpoint 'tcp://*:7400': others cannot "
      "connect to '*'; write this host's address or name"}},
    {"AdvertisePortZero",
     "peers:\n"
     "  local:\n"
     "    listen: tcp://*:7400\n"
     "    advertise: tcp://10.0.0.1:0\n"
     "  seeds: []\n"sv,
     {"bad.yaml:4:16: peers.local.advertise: port 0 stands for the port the system chose, but "
      "peers.local.listen has port 7400"}},
    {"AdvertiseLoopback",
     "peers:\n"
     "  seeds: [tcp://10.0.0.1:7400]\n"sv,
     {"bad.yaml:2:3: peers.local.advertise: is 'tcp://127.0.0.1:7400', where the seed "
      "'tcp://10.0.0.1:7400' cannot reach this broker; write this host's address"}},
    {"AdvertiseLoopbackToOtherRegions",
     "peers:\n"
     "  local: {listen: tcp://10.0.0.2:7400}\n"
     "  wan: {listen: tcp://127.0.0.1:7402}\n"
     "  seeds: [tcp://10.0.0.1:7400]\n"sv,
     {"bad.yaml:3:8: peers.wan.advertise: is 'tcp://127.0.0.1:7402', where the seed "
      "'tcp://10.0.0.1:7400' cannot reach this broker; write this host's address"}},
    {"SamePort",
     "peers:\n"
     "  local: {listen: tcp://127.0.0.1:7401}\n"
     "  seeds: []\n"sv,
     {"bad.yaml:2:19: peers.local.listen: 'tcp://127.0.0.1:7401' is taken by clients.listen[0]"}},
    {"SamePortHttp",
     "peers: {seeds: []}\n"
     "clients: {listen: [tcp://127.0.0.1:8000]}\n"
     "http: {listen: '*:8000'}\n"sv,
     {"bad.yaml:3:16: http.listen: 'tcp://*:8000' is taken by clients.listen[0]"}},
    {"SameIpc",
     "peers: {seeds: []}\n"
     "clients: {listen: [ipc:///run/a, ipc:///run/a]}\n"sv,
     {"bad.yaml:2:34: clients.listen: 'ipc:///run/a' is listed twice"}},
};

using BadCombinationsTest = BadConfigTest;

TEST_P(BadCombinationsTest, IsRefusedAtItsPlace) { expect_refused(); }

INSTANTIATE_TEST_SUITE_P(Table, BadCombinationsTest, testing::ValuesIn(kBadCombinations),
                         bad_config_name);

}  // namespace
}  // namespace phyllo::broker
