#include "tests/config/bad_config.h"

namespace phyllo::broker {
namespace {

using namespace std::string_view_literals;

// Keys nobody knows, and values of the wrong kind for theirs.
const BadConfig kBadKeys[] = {
    {"UnknownKey",
     "colour: blue\n"
     "peers: {seeds: []}\n"sv,
     {"bad.yaml:1:1: unknown key 'colour'; known here: include, cluster, profile, node, regions, "
      "topics, peers, clients, http, overlay, multicast, borders, logging"}},
    {"UnknownKeyInSection",
     "peers: {seeds: []}\n"
     "http:\n"
     "  colour: blue\n"sv,
     {"bad.yaml:3:3: unknown key 'colour' in http; known here: listen"}},
    {"Misspelt",
     "clutser: a\n"
     "peers: {seeds: []}\n"sv,
     {"bad.yaml:1:1: unknown key 'clutser'; did you mean 'cluster'?"}},
    {"MisspeltDeep",
     "peers: {seeds: []}\n"
     "overlay:\n"
     "  timers:\n"
     "    hearbeat: 1s\n"sv,
     {"bad.yaml:4:5: unknown key 'hearbeat' in overlay.timers; did you mean 'heartbeat'?"}},
    {"OtherSpelling",
     "peers: {seeds: []}\n"
     "overlay:\n"
     "  leafSetSize: 16\n"sv,
     {"bad.yaml:3:3: unknown key 'leafSetSize' in overlay; did you mean 'leaf_set_size'?"}},
    {"Hyphens",
     "peers: {seeds: []}\n"
     "overlay:\n"
     "  leaf-set-size: 16\n"sv,
     {"bad.yaml:3:3: unknown key 'leaf-set-size' in overlay; did you mean 'leaf_set_size'?"}},
    {"WrongPlace",
     "region: eu-west\n"
     "peers: {seeds: []}\n"sv,
     {"bad.yaml:1:1: unknown key 'region'; did you mean 'node.region'?"}},
    {"MisspeltSeeds",
     "peers:\n"
     "  seed: [tcp://10.0.0.1:7400]\n"sv,
     {"bad.yaml:2:3: unknown key 'seed' in peers; did you mean 'seeds'?"}},
    {"UnknownSubsystem",
     "peers: {seeds: []}\n"
     "logging:\n"
     "  levels:\n"
     "    overlays: debug\n"sv,
     {"bad.yaml:4:5: unknown key 'overlays' in logging.levels; did you mean 'overlay'?"}},
    {"IncludeMisspelt",
     "peers: {seeds: []}\n"
     "includes: [a.yaml]\n"sv,
     {"bad.yaml:2:1: unknown key 'includes'; did you mean 'include'?"}},
    {"EmptyValue",
     "cluster:\n"
     "peers: {seeds: []}\n"sv,
     {"bad.yaml:1:1: cluster: has no value"}},
    {"NullValue",
     "cluster: ~\n"
     "peers: {seeds: []}\n"sv,
     {"bad.yaml:1:1: cluster: has no value"}},
    {"ListForText",
     "cluster: [a]\n"
     "peers: {seeds: []}\n"sv,
     {"bad.yaml:1:10: cluster: must be a single value, not a list"}},
    {"MapForText",
     "cluster: {a: b}\n"
     "peers: {seeds: []}\n"sv,
     {"bad.yaml:1:10: cluster: must be a single value, not a section with keys"}},
    {"TextForSection",
     "peers: {seeds: []}\n"
     "overlay: fast\n"sv,
     {"bad.yaml:2:10: overlay: must be a section with keys, not 'fast'"}},
    {"ListForSection",
     "peers: {seeds: []}\n"
     "overlay: [hop_limit]\n"sv,
     {"bad.yaml:2:10: overlay: must be a section with keys, not a list"}},
    {"TextForList",
     "peers:\n"
     "  seeds: tcp://10.0.0.1:7400\n"sv,
     {"bad.yaml:2:10: peers.seeds: must be a list, not 'tcp://10.0.0.1:7400'; write "
      "[tcp://10.0.0.1:7400]"}},
    {"ListInList",
     "peers:\n"
     "  seeds: [[tcp://10.0.0.1:7400]]\n"sv,
     {"bad.yaml:2:11: peers.seeds: must be a single value, not a list"}},
    {"MultiErr",
     "clustre: a\n"
     "peers:\n"
     "  seeds: [tcp://10.0.0.1]\n"
     "  links: 0x\n"
     "http: {listen: none, port: 7480}\n"sv,
     {"bad.yaml:1:1: unknown key 'clustre'; did you mean 'cluster'?",
      "bad.yaml:3:11: peers.seeds: invalid endpoint 'tcp://10.0.0.1': the port is missing",
      "bad.yaml:4:10: peers.links: must be a whole number, not '0x'; numbers are written in "
      "decimal",
      "bad.yaml:5:22: unknown key 'port' in http; known here: listen"}},
};

using BadKeysTest = BadConfigTest;

TEST_P(BadKeysTest, IsRefusedAtItsPlace) { expect_refused(); }

INSTANTIATE_TEST_SUITE_P(Table, BadKeysTest, testing::ValuesIn(kBadKeys), bad_config_name);

}  // namespace
}  // namespace phyllo::broker
