#include "tests/config/bad_config.h"

namespace phyllo::broker {
namespace {

using namespace std::string_view_literals;

// Names, words, endpoints.
const BadConfig kBadTexts[] = {
    {"ClusterWithBlank",
     "cluster: my cluster\n"
     "peers: {seeds: []}\n"sv,
     {"bad.yaml:1:10: cluster: must be 1 to 64 letters, digits, '.', '_' or '-', not 'my "
      "cluster'"}},
    {"EmptyCluster",
     "cluster: \"\"\n"
     "peers: {seeds: []}\n"sv,
     {"bad.yaml:1:10: cluster: must be 1 to 64 letters, digits, '.', '_' or '-', not ''"}},
    {"LongCluster",
     "cluster: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n"
     "peers: {seeds: []}\n"sv,
     {"bad.yaml:1:10: cluster: must be 1 to 64 letters, digits, '.', '_' or '-', not "
      "'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…'"}},
    {"NodeIdTooShort",
     "peers: {seeds: []}\n"
     "node:\n"
     "  id: 12ab\n"sv,
     {"bad.yaml:3:7: node.id: must be 32 hexadecimal digits or 'auto', not '12ab'"}},
    {"NodeIdNotHex",
     "peers: {seeds: []}\n"
     "node:\n"
     "  id: 0123456789abcdef0123456789abcdeg\n"sv,
     {"bad.yaml:3:7: node.id: must be 32 hexadecimal digits or 'auto', not "
      "'0123456789abcdef0123456789abcdeg'"}},
    {"RegionWithBlank",
     "node: {region: eu}\n"
     "regions: {eu: {}, my region: {}}\n"
     "peers: {seeds: []}\n"sv,
     {"bad.yaml:2:19: regions: must be 1 to 64 letters, digits, '.', '_' or '-', not 'my "
      "region'"}},
    {"RegionsAsAList",
     "node: {region: eu}\n"
     "regions: [eu, us]\n"
     "peers: {seeds: []}\n"sv,
     {"bad.yaml:2:10: regions: must be a section of names, not a list"}},
    {"RegionThatIsNoSection",
     "node: {region: eu}\n"
     "regions: {eu: 1, us: {}}\n"
     "peers: {seeds: []}\n"sv,
     {"bad.yaml:2:15: regions.eu: must be a section with keys, not '1'"}},
    {"BorderValues",
     "node: {region: eu}\n"
     "regions:\n"
     "  eu: {to: {us: {price_per_gb: -1, budget: much, round_trip: 2min, wieght: 1}}}\n"
     "  us: {price_per_gb: \"0.1\"}\n"
     "peers: {seeds: []}\n"sv,
     {"bad.yaml:3:32: regions.eu.to.us.price_per_gb: must be a number such as 5 or 2.5, not '-1'; "
      "it is negative",
      "bad.yaml:3:44: regions.eu.to.us.budget: must be a number such as 5 or 2.5, not 'much'",
      "bad.yaml:3:62: regions.eu.to.us.round_trip: must be between 1us and 1min, not 2min",
      "bad.yaml:3:68: unknown key 'wieght' in regions.eu.to.us; did you mean 'weight'?",
      "bad.yaml:4:22: regions.us.price_per_gb: must be a number, not the text '0.1'; remove the "
      "quotes"}},
    {"TopicRulesAsAMap",
     "topics: {match: a}\n"
     "peers: {seeds: []}\n"sv,
     {"bad.yaml:1:9: topics: must be a list of sections, not a section with keys"}},
    {"TopicRuleValues",
     "node: {region: eu}\n"
     "regions: {eu: {}, us: {}}\n"
     "topics:\n"
     "  - eu\n"
     "  - {match: a/#/b, regions: [eu, eu]}\n"
     "  - {match: a//b, rgions: [eu]}\n"
     "  - {match: a, regions: eu}\n"
     "peers: {seeds: []}\n"sv,
     {"bad.yaml:4:5: topics[0]: must be a section with keys, not 'eu'",
      "bad.yaml:5:13: topics[1].match: invalid topic pattern: '#' is only possible as the last "
      "level",
      "bad.yaml:5:34: topics[1].regions: 'eu' is listed twice",
      "bad.yaml:6:13: topics[2].match: invalid topic pattern: byte 2 leaves a level empty",
      "bad.yaml:6:19: unknown key 'rgions' in topics[2]; did you mean 'regions'?",
      "bad.yaml:7:25: topics[3].regions: must be a list, not 'eu'; write [eu]"}},
    {"UnknownProfileOfTheGlobalRing",
     "peers: {seeds: []}\n"
     "overlay: {global_ring: {profile: fast}}\n"sv,
     {"bad.yaml:2:34: overlay.global_ring.profile: must be one of lan, wan, paper, not 'fast'"}},
    {"UnknownProfile",
     "peers: {seeds: []}\n"
     "profile: wlan\n"sv,
     {"bad.yaml:2:10: profile: must be one of lan, wan, paper, not 'wlan'; did you mean 'lan'?"}},
    {"UnknownPolicy",
     "peers: {seeds: []}\n"
     "clients:\n"
     "  slow_policy: drop-oldest\n"sv,
     {"bad.yaml:3:16: clients.slow_policy: must be one of drop_oldest, drop_newest, conflate, "
      "disconnect, not 'drop-oldest'; did you mean 'drop_oldest'?"}},
    {"UnknownLevel",
     "peers: {seeds: []}\n"
     "logging:\n"
     "  level: verbose\n"sv,
     {"bad.yaml:3:10: logging.level: must be one of debug, info, warning, error, off, not "
      "'verbose'"}},
    {"PortTooLarge",
     "peers:\n"
     "  local: {listen: tcp://10.0.0.1:70000}\n"
     "  seeds: []\n"sv,
     {"bad.yaml:2:19: peers.local.listen: invalid endpoint 'tcp://10.0.0.1:70000': the port must "
      "be a number from 0 to 65535"}},
    {"PortNegative",
     "peers:\n"
     "  local: {listen: tcp://10.0.0.1:-1}\n"
     "  seeds: []\n"sv,
     {"bad.yaml:2:19: peers.local.listen: invalid endpoint 'tcp://10.0.0.1:-1': the port must be a "
      "number from 0 to 65535"}},
    {"PortMissing",
     "peers:\n"
     "  local: {listen: tcp://10.0.0.1}\n"
     "  seeds: []\n"sv,
     {"bad.yaml:2:19: peers.local.listen: invalid endpoint 'tcp://10.0.0.1': the port is missing"}},
    {"PortWord",
     "peers:\n"
     "  local: {listen: tcp://10.0.0.1:http}\n"
     "  seeds: []\n"sv,
     {"bad.yaml:2:19: peers.local.listen: invalid endpoint 'tcp://10.0.0.1:http': the port must be "
      "a number from 0 to 65535"}},
    {"WrongScheme",
     "peers:\n"
     "  local: {listen: udp://10.0.0.1:7400}\n"
     "  seeds: []\n"sv,
     {"bad.yaml:2:19: peers.local.listen: invalid endpoint 'udp://10.0.0.1:7400': it must begin "
      "with tcp:// or ipc://"}},
    {"NoScheme",
     "peers:\n"
     "  local: {listen: 10.0.0.1:7400}\n"
     "  seeds: []\n"sv,
     {"bad.yaml:2:19: peers.local.listen: invalid endpoint '10.0.0.1:7400': it must begin with "
      "tcp:// or ipc://"}},
    {"IpcPeer",
     "peers:\n"
     "  local: {listen: ipc:///run/p}\n"
     "  seeds: []\n"sv,
     {"bad.yaml:2:19: peers.local.listen: invalid endpoint 'ipc:///run/p': brokers connect by "
      "tcp:// only"}},
    {"ListenLocalhost",
     "peers: {seeds: []}\n"
     "clients:\n"
     "  listen: [tcp://localhost:7401]\n"sv,
     {"bad.yaml:3:12: clients.listen: invalid endpoint 'tcp://localhost:7401': listening needs an "
      "address or '*'; write 127.0.0.1 for localhost"}},
    {"IPv6WithoutBrackets",
     "peers: {seeds: []}\n"
     "clients:\n"
     "  listen: [\"tcp://::1:7401\"]\n"sv,
     {"bad.yaml:3:12: clients.listen: invalid endpoint 'tcp://::1:7401': an IPv6 address stands in "
      "brackets"}},
    {"NoClientSocket",
     "peers: {seeds: []}\n"
     "clients:\n"
     "  listen: []\n"sv,
     {"bad.yaml:3:11: clients.listen: needs at least one endpoint"}},
    {"SeedPortZero",
     "peers:\n"
     "  seeds: [tcp://10.0.0.1:0]\n"
     "  local: {listen: tcp://10.0.0.2:7400}\n"sv,
     {"bad.yaml:2:11: peers.seeds: invalid endpoint 'tcp://10.0.0.1:0': the port of a seed is 1 to "
      "65535"}},
    {"SeedWildcard",
     "peers:\n"
     "  seeds: [tcp://*:7400]\n"sv,
     {"bad.yaml:2:11: peers.seeds: invalid endpoint 'tcp://*:7400': others cannot connect to '*'; "
      "write this host's address or name"}},
    {"SeedTwice",
     "peers:\n"
     "  local: {listen: tcp://10.0.0.2:7400}\n"
     "  seeds:\n"
     "    - tcp://10.0.0.1:7400\n"
     "    - tcp://10.0.0.1:7400\n"sv,
     {"bad.yaml:5:7: peers.seeds: 'tcp://10.0.0.1:7400' is listed twice"}},
    {"HttpWithoutPort",
     "peers: {seeds: []}\n"
     "http:\n"
     "  listen: 127.0.0.1\n"sv,
     {"bad.yaml:3:11: http.listen: must be 'host:port' such as 127.0.0.1:7480, or 'none', not "
      "'127.0.0.1'"}},
    {"HttpPort",
     "peers: {seeds: []}\n"
     "http:\n"
     "  listen: 127.0.0.1:99999\n"sv,
     {"bad.yaml:3:11: http.listen: must be 'host:port' such as 127.0.0.1:7480, or 'none', not "
      "'127.0.0.1:99999'"}},
    {"HttpUrl",
     "peers: {seeds: []}\n"
     "http:\n"
     "  listen: http://127.0.0.1:80\n"sv,
     {"bad.yaml:3:11: http.listen: must be 'host:port' such as 127.0.0.1:7480, or 'none', not "
      "'http://127.0.0.1:80'"}},
    {"HttpOff",
     "peers: {seeds: []}\n"
     "http:\n"
     "  listen: off\n"sv,
     {"bad.yaml:3:11: http.listen: must be 'host:port' such as 127.0.0.1:7480, or 'none', not "
      "'off'"}},
    {"EmptyDestination",
     "peers: {seeds: []}\n"
     "logging:\n"
     "  destination: \"\"\n"sv,
     {"bad.yaml:3:16: logging.destination: must not be empty"}},
    {"ParagraphAsFileName",
     "peers: {seeds: []}\n"
     "logging:\n"
     "  destination: |\n"
     "    a\n"
     "    b\n"sv,
     {"bad.yaml:3:16: logging.destination: must be one line of plain text, not 'a\\nb\\n'"}},
};

using BadTextsTest = BadConfigTest;

TEST_P(BadTextsTest, IsRefusedAtItsPlace) { expect_refused(); }

INSTANTIATE_TEST_SUITE_P(Table, BadTextsTest, testing::ValuesIn(kBadTexts), bad_config_name);

}  // namespace
}  // namespace phyllo::broker
