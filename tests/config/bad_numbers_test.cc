#include "tests/config/bad_config.h"

namespace phyllo::broker {
namespace {

using namespace std::string_view_literals;

// Numbers, durations and sizes.
const BadConfig kBadNumbers[] = {
    {"Octal",
     "peers: {seeds: []}\n"
     "overlay:\n"
     "  hop_limit: 010\n"sv,
     {"bad.yaml:3:14: overlay.hop_limit: must be a whole number, not '010'; a leading zero means "
      "octal in YAML; write it without"}},
    {"YamlOctal",
     "peers: {seeds: []}\n"
     "overlay:\n"
     "  hop_limit: 0o10\n"sv,
     {"bad.yaml:3:14: overlay.hop_limit: must be a whole number, not '0o10'; numbers are written "
      "in decimal"}},
    {"Hex",
     "peers: {seeds: []}\n"
     "overlay:\n"
     "  hop_limit: 0x10\n"sv,
     {"bad.yaml:3:14: overlay.hop_limit: must be a whole number, not '0x10'; numbers are written "
      "in decimal"}},
    {"Separators",
     "peers: {seeds: [], links: 1_000}\n"sv,
     {"bad.yaml:1:27: peers.links: must be a whole number, not '1_000'; write the digits without "
      "separators"}},
    {"Float",
     "peers: {seeds: []}\n"
     "overlay:\n"
     "  hop_limit: 6.5\n"sv,
     {"bad.yaml:3:14: overlay.hop_limit: must be a whole number, not '6.5'"}},
    {"Exponent",
     "peers: {seeds: []}\n"
     "overlay:\n"
     "  hop_limit: 1e2\n"sv,
     {"bad.yaml:3:14: overlay.hop_limit: must be a whole number, not '1e2'"}},
    {"Negative",
     "peers: {seeds: []}\n"
     "overlay:\n"
     "  hop_limit: -1\n"sv,
     {"bad.yaml:3:14: overlay.hop_limit: must be a whole number, not '-1'"}},
    {"Plus",
     "peers: {seeds: []}\n"
     "overlay:\n"
     "  hop_limit: +5\n"sv,
     {"bad.yaml:3:14: overlay.hop_limit: must be a whole number, not '+5'"}},
    {"Huge",
     "peers: {seeds: []}\n"
     "overlay:\n"
     "  hop_limit: 99999999999999999999999\n"sv,
     {"bad.yaml:3:14: overlay.hop_limit: must be a whole number, not '99999999999999999999999'; it "
      "is too large"}},
    {"QuotedNumber",
     "peers: {seeds: []}\n"
     "overlay:\n"
     "  hop_limit: \"64\"\n"sv,
     {"bad.yaml:3:14: overlay.hop_limit: must be a number, not the text '64'; remove the quotes"}},
    {"WordForNumber",
     "peers: {seeds: []}\n"
     "overlay:\n"
     "  hop_limit: many\n"sv,
     {"bad.yaml:3:14: overlay.hop_limit: must be a whole number, not 'many'"}},
    {"BooleanForNumber",
     "peers: {seeds: []}\n"
     "overlay:\n"
     "  hop_limit: true\n"sv,
     {"bad.yaml:3:14: overlay.hop_limit: must be a whole number, not 'true'"}},
    {"TooSmall",
     "peers: {seeds: []}\n"
     "overlay:\n"
     "  hop_limit: 1\n"sv,
     {"bad.yaml:3:14: overlay.hop_limit: must be between 4 and 255, not 1"}},
    {"TooLarge",
     "peers: {seeds: []}\n"
     "overlay:\n"
     "  hop_limit: 256\n"sv,
     {"bad.yaml:3:14: overlay.hop_limit: must be between 4 and 255, not 256"}},
    {"OddLeafSet",
     "peers: {seeds: []}\n"
     "overlay:\n"
     "  leaf_set_size: 15\n"sv,
     {"bad.yaml:3:18: overlay.leaf_set_size: must be even, not '15'"}},
    {"RealOutOfRange",
     "peers: {seeds: []}\n"
     "overlay:\n"
     "  cross_region_factor: 0.5\n"sv,
     {"bad.yaml:3:24: overlay.cross_region_factor: must be between 1 and 1000, not 0.5"}},
    {"RealNotANumber",
     "peers: {seeds: []}\n"
     "overlay:\n"
     "  cross_region_factor: .nan\n"sv,
     {"bad.yaml:3:24: overlay.cross_region_factor: must be a number such as 5 or 2.5, not '.nan'"}},
    {"MissingUnit",
     "peers: {seeds: []}\n"
     "clients:\n"
     "  heartbeat: 5\n"sv,
     {"bad.yaml:3:14: clients.heartbeat: must be a duration such as 250ms, 5s or 2min, not '5'; "
      "the unit is missing"}},
    {"WrongUnit",
     "peers: {seeds: []}\n"
     "clients:\n"
     "  heartbeat: 5m\n"sv,
     {"bad.yaml:3:14: clients.heartbeat: must be a duration such as 250ms, 5s or 2min, not '5m'; "
      "'m' could be many things; write 'min' or 'ms'"}},
    {"FractionOfDuration",
     "peers: {seeds: []}\n"
     "clients:\n"
     "  heartbeat: 1.5s\n"sv,
     {"bad.yaml:3:14: clients.heartbeat: must be a duration such as 250ms, 5s or 2min, not '1.5s'; "
      "write a whole number with a smaller unit"}},
    {"NegativeDuration",
     "peers: {seeds: []}\n"
     "clients:\n"
     "  heartbeat: -1s\n"sv,
     {"bad.yaml:3:14: clients.heartbeat: must be a duration such as 250ms, 5s or 2min, not '-1s'"}},
    {"DurationOverflow",
     "peers: {seeds: []}\n"
     "clients:\n"
     "  heartbeat: 9999999999999999999h\n"sv,
     {"bad.yaml:3:14: clients.heartbeat: must be a duration such as 250ms, 5s or 2min, not "
      "'9999999999999999999h'; it is too large"}},
    {"DurationOutOfRange",
     "peers: {seeds: []}\n"
     "clients:\n"
     "  heartbeat: 2000h\n"sv,
     {"bad.yaml:3:14: clients.heartbeat: must be between 1ms and 24h, not 2000h"}},
    {"BlankBeforeUnit",
     "peers: {seeds: []}\n"
     "clients:\n"
     "  heartbeat: 5 s\n"sv,
     {"bad.yaml:3:14: clients.heartbeat: must be a duration such as 250ms, 5s or 2min, not '5 s'"}},
    {"SizeWithoutUnit",
     "peers: {seeds: []}\n"
     "clients:\n"
     "  message_size: 1048576\n"sv,
     {"bad.yaml:3:17: clients.message_size: must be a size such as 64KiB or 8MiB, not '1048576'; "
      "the unit is missing"}},
    {"DecimalUnit",
     "peers: {seeds: []}\n"
     "clients:\n"
     "  message_size: 1MB\n"sv,
     {"bad.yaml:3:17: clients.message_size: must be a size such as 64KiB or 8MiB, not '1MB'; write "
      "'MiB'"}},
    {"SizeTooLarge",
     "peers: {seeds: []}\n"
     "clients:\n"
     "  message_size: 513MiB\n"sv,
     {"bad.yaml:3:17: clients.message_size: must be between 1KiB and 512MiB, not 513MiB"}},
};

using BadNumbersTest = BadConfigTest;

TEST_P(BadNumbersTest, IsRefusedAtItsPlace) { expect_refused(); }

INSTANTIATE_TEST_SUITE_P(Table, BadNumbersTest, testing::ValuesIn(kBadNumbers), bad_config_name);

}  // namespace
}  // namespace phyllo::broker
