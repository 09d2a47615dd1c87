#include "tests/config/bad_config.h"

namespace phyllo::broker {
namespace {

using namespace std::string_view_literals;

// Not YAML, or more of YAML than a configuration may use.
const BadConfig kBadYaml[] = {
    {"EmptyFile", ""sv, {"bad.yaml:1:1: the file is empty"}},
    {"OnlyComments",
     "# nothing here yet\n"
     "\n"sv,
     {"bad.yaml:1:1: the file is empty"}},
    {"ListAtTheTop",
     "- cluster: a\n"
     "- cluster: b\n"sv,
     {"bad.yaml:1:1: the file must hold 'key: value' lines"}},
    {"TextAtTheTop", "just words\n"sv, {"bad.yaml:1:1: the file must hold 'key: value' lines"}},
    {"TwoDocuments",
     "peers: {seeds: []}\n"
     "---\n"
     "cluster: b\n"sv,
     {"bad.yaml:3:1: a second document begins here; one file holds one"}},
    {"TabIndent",
     "peers:\n"
     "\tseeds: []\n"sv,
     {"bad.yaml:2:1: a tab cannot indent YAML; use spaces"}},
    {"TabAfterBlanks",
     "peers:\n"
     "  \tseeds: []\n"
     "\tlinks: 3\n"sv,
     {"bad.yaml:2:3: a tab cannot indent YAML; use spaces",
      "bad.yaml:3:1: a tab cannot indent YAML; use spaces"}},
    {"BinaryZero",
     "cluster: a\000b\n"sv,
     {"bad.yaml:1:11: the file holds a NUL byte; is this a YAML file?"}},
    {"ElfFile",
     "\177ELF\002\001\001\000\000\000\000"sv,
     {"bad.yaml:1:1: the file holds a control character; is this a YAML file?"}},
    {"ControlCharacter",
     "cluster: a\033[31m\n"sv,
     {"bad.yaml:1:11: the file holds a control character; is this a YAML file?"}},
    {"LoneCarriageReturn",
     "cluster: a\rpeers: {seeds: []}\n"sv,
     {"bad.yaml:1:11: the file holds a control character; is this a YAML file?"}},
    {"InvalidUtf8",
     "cluster: caf\351\n"sv,
     {"bad.yaml:1:13: this byte is not valid UTF-8; is this a YAML file?"}},
    {"Utf16",
     "\377\376c\000l\000"sv,
     {"bad.yaml:1:1: this byte is not valid UTF-8; is this a YAML file?"}},
    {"DuplicateKey",
     "cluster: a\n"
     "peers: {seeds: []}\n"
     "cluster: b\n"sv,
     {"bad.yaml:3:1: duplicate key 'cluster', first given in line 1"}},
    {"DuplicateKeyInSection",
     "peers:\n"
     "  seeds: []\n"
     "  links: 10\n"
     "  seeds: [tcp://10.0.0.1:7400]\n"sv,
     {"bad.yaml:4:3: duplicate key 'seeds', first given in line 2"}},
    {"DuplicateSection",
     "peers: {seeds: []}\n"
     "http:\n"
     "  listen: none\n"
     "http:\n"
     "  listen: 127.0.0.1:1\n"sv,
     {"bad.yaml:4:1: duplicate key 'http', first given in line 2"}},
    {"MissingColon",
     "cluster a\n"
     "peers: {seeds: []}\n"sv,
     {"bad.yaml:2:6: not valid YAML: a ':' is not expected here; check quotes and indentation"}},
    {"TwoColons",
     "cluster: a: b\n"
     "peers: {seeds: []}\n"sv,
     {"bad.yaml:1:11: not valid YAML: a ':' is not expected here; check quotes and indentation"}},
    {"WrongIndent",
     "peers:\n"
     "  seeds: []\n"
     "   links: 4\n"sv,
     {"bad.yaml:3:4: not valid YAML: the indentation does not fit the lines above"}},
    {"Unindented",
     "peers:\n"
     "seeds: []\n"sv,
     {"bad.yaml:2:1: unknown key 'seeds'; did you mean 'peers.seeds'?"}},
    {"UnclosedQuote",
     "peers: {seeds: []}\n"
     "cluster: \"abc\n"sv,
     {"bad.yaml:2:10: not valid YAML: the quoted text is never closed"}},
    {"UnclosedList",
     "peers:\n"
     "  seeds: [tcp://10.0.0.1:7400\n"
     "cluster: a\n"sv,
     {"bad.yaml:2:10: not valid YAML: this '[' is never closed"}},
    {"UnclosedMap",
     "peers: {seeds: []\n"sv,
     {"bad.yaml:1:8: not valid YAML: this '{' is never closed"}},
    {"StrayBracket",
     "peers: {seeds: []}\n"
     "]\n"sv,
     {"bad.yaml:2:1: not valid YAML: this bracket closes nothing"}},
    {"Anchor",
     "cluster: &c abc\n"
     "peers: {seeds: []}\n"sv,
     {"bad.yaml:1:10: not valid YAML: anchors (&name) are not supported"}},
    {"Alias",
     "cluster: *c\n"
     "peers: {seeds: []}\n"sv,
     {"bad.yaml:1:10: not valid YAML: a text that begins with '*' needs quotes"}},
    {"AliasBomb",
     "a: &a [x,x]\n"
     "b: &b [*a,*a]\n"
     "c: [*b,*b]\n"sv,
     {"bad.yaml:1:4: not valid YAML: anchors (&name) are not supported"}},
    {"UnquotedStar",
     "http:\n"
     "  listen: *:7480\n"
     "peers: {seeds: []}\n"sv,
     {"bad.yaml:2:11: not valid YAML: a text that begins with '*' needs quotes"}},
    {"Tag",
     "cluster: !!str abc\n"
     "peers: {seeds: []}\n"sv,
     {"bad.yaml:1:10: not valid YAML: tags are not supported, found 'tag:yaml.org,2002:str'"}},
    {"MapAsKey",
     "? {a: b}\n"
     ": c\n"sv,
     {"bad.yaml:1:3: not valid YAML: a key must be plain text, not a map or a list"}},
    {"EmptyKey",
     ": c\n"
     "peers: {seeds: []}\n"sv,
     {"bad.yaml:1:1: not valid YAML: a key is missing"}},
    {"DeepNesting",
     "a: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]\n"sv,
     {"bad.yaml:1:35: not valid YAML: nested deeper than 32 levels"}},
    {"DeepBlocks",
     "k:\n"
     "  k:\n"
     "    k:\n"
     "      k:\n"
     "        k:\n"
     "          k:\n"
     "            k:\n"
     "              k:\n"
     "                k:\n"
     "                  k:\n"
     "                    k:\n"
     "                      k:\n"
     "                        k:\n"
     "                          k:\n"
     "                            k:\n"
     "                              k:\n"
     "                                k:\n"
     "                                  k:\n"
     "                                    k:\n"
     "                                      k:\n"
     "                                        k:\n"
     "                                          k:\n"
     "                                            k:\n"
     "                                              k:\n"
     "                                                k:\n"
     "                                                  k:\n"
     "                                                    k:\n"
     "                                                      k:\n"
     "                                                        k:\n"
     "                                                          k:\n"
     "                                                            k:\n"
     "                                                              k:\n"
     "                                                                k:\n"
     "                                                                  k:\n"
     "                                                                    k:\n"
     "                                                                      k:\n"
     "                                                                        k:\n"
     "                                                                          k:\n"
     "                                                                            k:\n"
     "                                                                              k:\n"sv,
     {"bad.yaml:33:65: not valid YAML: nested deeper than 32 levels"}},
    {"NonAsciiColumn",
     "logging: {destination: \"\303\244\303\266\303\274\", formt: json}\n"
     "peers: {seeds: []}\n"sv,
     {"bad.yaml:1:31: unknown key 'formt' in logging; did you mean 'format'?"}},
    {"AtSign",
     "cluster: @home\n"
     "peers: {seeds: []}\n"sv,
     {"bad.yaml:1:10: not valid YAML: a text cannot begin with this character without quotes"}},
    {"Directive",
     "%YAML 9.9\n"
     "---\n"
     "peers: {seeds: []}\n"sv,
     {"bad.yaml:1:1: not valid YAML: YAML major version too large"}},
};

using BadYamlTest = BadConfigTest;

TEST_P(BadYamlTest, IsRefusedAtItsPlace) { expect_refused(); }

INSTANTIATE_TEST_SUITE_P(Table, BadYamlTest, testing::ValuesIn(kBadYaml), bad_config_name);

}  // namespace
}  // namespace phyllo::broker
