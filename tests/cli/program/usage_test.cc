#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "cli/display_text.h"
#include "tests/cli/program/command.h"

namespace phyllo::cli {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

const std::vector<std::string> kVerbs{"pub",     "sub",  "tree", "peers", "ping",
                                      "regions", "demo", "plan", "sim",   "completion"};

/// Status 2, nothing on stdout, and one line on stderr.
std::string usage_error(const std::vector<std::string>& arguments) {
  const CommandResult result = phyllo(arguments);
  EXPECT_EQ(result.status, 2);
  EXPECT_EQ(result.out, "");
  EXPECT_EQ(std::ranges::count(result.err, '\n'), 1) << result.err;
  return result.err;
}

TEST(Usage, SuggestsTheVerbThatWasMeant) {
  EXPECT_EQ(usage_error({"pbu", "a", "b"}),
            "phyllo: unknown verb pbu; did you mean pub? (see phyllo --help)\n");
  EXPECT_EQ(usage_error({"frobnicate"}), "phyllo: unknown verb frobnicate (see phyllo --help)\n");
}

TEST(Usage, SuggestsTheOptionThatWasMeant) {
  EXPECT_EQ(usage_error({"pub", "a", "b", "--cuont=3"}),
            "phyllo pub: unknown option --cuont; did you mean --count? (see phyllo pub --help)\n");
  EXPECT_EQ(usage_error({"--hlep"}),
            "phyllo: unknown option --hlep; did you mean --help? (see phyllo --help)\n");
}

TEST(Usage, NamesWhatIsMissingWrongOrTooMuch) {
  EXPECT_THAT(usage_error({"pub"}), HasSubstr("TOPIC is required"));
  EXPECT_THAT(usage_error({"sub"}), HasSubstr("TOPIC is required"));
  EXPECT_THAT(usage_error({"pub", "a", "b", "c"}), HasSubstr("unexpected argument: c"));
  EXPECT_THAT(usage_error({"sub", "a", "--timeout", "5x"}), HasSubstr("not a length of time"));
  EXPECT_THAT(usage_error({"sub", "a", "--count", "0"}), HasSubstr("--count"));
  EXPECT_THAT(usage_error({"sub", "a", "--json", "--raw"}), HasSubstr("not both"));
  EXPECT_THAT(usage_error({"pub", "a", "b", "--file", "f"}), HasSubstr("not both"));
  EXPECT_THAT(usage_error({"completion", "fish"}), HasSubstr("fish not in {bash,zsh}"));
}

TEST(Usage, RefusesTopicsAndBrokersThatCannotBe) {
  EXPECT_THAT(usage_error({"pub", "a//b", "x"}), HasSubstr("topic"));
  // Before anybody is asked: nobody listens there.
  EXPECT_THAT(usage_error({"sub", "a", "a//b", "--broker", "ipc:///nobody"}),
              HasSubstr("a//b: invalid topic name: byte 2 leaves a level empty"));
  EXPECT_THAT(usage_error({"peers", "--broker", "nonsense"}), HasSubstr("nonsense"));
}

TEST(Usage, WithoutAVerbShowsTheHelpOnStderr) {
  const CommandResult result = phyllo({});
  EXPECT_EQ(result.status, 2);
  EXPECT_EQ(result.out, "");
  EXPECT_THAT(result.err, HasSubstr("Usage: phyllo"));
}

TEST(Help, ExplainsEachVerbWithExamplesIn80Columns) {
  for (const std::string& verb : kVerbs) {
    const CommandResult result = phyllo({verb, "--help"});
    EXPECT_EQ(result.status, 0) << verb;
    EXPECT_EQ(result.err, "") << verb;
    EXPECT_THAT(result.out, HasSubstr("Usage: phyllo " + verb));
    EXPECT_THAT(result.out, HasSubstr("Examples:\n  "));
    std::istringstream lines(result.out);
    for (std::string line; std::getline(lines, line);) EXPECT_LE(display_width(line), 80u) << line;
    EXPECT_EQ(phyllo({"help", verb}).out, result.out);
  }
}

TEST(Help, ListsVerbsAndExitStatuses) {
  const CommandResult result = phyllo({"--help"});
  EXPECT_EQ(result.status, 0);
  for (const std::string& verb : kVerbs) EXPECT_THAT(result.out, HasSubstr("\n  " + verb + " "));
  for (const char* status : {"  2 ", "  69 ", "  124 ", "  130 "}) {
    EXPECT_THAT(result.out, HasSubstr(status));
  }
  EXPECT_EQ(phyllo({"help"}).out, result.out);
}

TEST(Help, ShowsTheVersion) {
  EXPECT_THAT(phyllo({"--version"}).out,
              testing::MatchesRegex("phyllo [0-9]+\\.[0-9]+\\.[0-9]+\n"));
}

TEST(Unavailable, EndsWith69AndNamesTheBroker) {
  for (const std::vector<std::string>& verb : {std::vector<std::string>{"pub", "a", "b"},
                                               {"sub", "a"},
                                               {"tree", "a"},
                                               {"peers"},
                                               {"ping"}}) {
    std::vector<std::string> arguments = verb;
    arguments.insert(arguments.end(), {"--wait", "50ms", "--broker", "ipc:///nowhere/socket"});
    const CommandResult result = phyllo(arguments);
    EXPECT_EQ(result.status, 69) << verb[0];
    EXPECT_THAT(result.err, StartsWith("phyllo " + verb[0] + ": no broker could be reached"));
    EXPECT_THAT(result.err, HasSubstr("ipc:///nowhere/socket"));
    EXPECT_EQ(std::ranges::count(result.err, '\n'), 1) << result.err;
  }
}

TEST(Unavailable, TakesBrokersFromTheEnvironment) {
  Command command(phyllo_words({"peers", "--wait", "50ms"}),
                  {"PHYLLO_BROKERS=ipc:///from/environment"});
  EXPECT_THAT(command.finish().err, HasSubstr("ipc:///from/environment"));
  Command both(phyllo_words({"peers", "--wait", "50ms", "-b", "ipc:///from/option"}),
               {"PHYLLO_BROKERS=ipc:///from/environment"});
  EXPECT_THAT(both.finish().err, HasSubstr("ipc:///from/option"));
}

TEST(Output, ThatCannotBeWrittenIsAFailure) {
  Command command({"/bin/sh", "-c", phyllo_words({})[0] + " completion bash > /dev/full"});
  const CommandResult result = command.finish();
  EXPECT_EQ(result.status, 1);
  EXPECT_THAT(result.err, HasSubstr("cannot write"));
}

TEST(Completion, ScriptsAreWellFormed) {
  for (const std::string shell : {"bash", "zsh"}) {
    if (Command({"/bin/sh", "-c", "command -v " + shell}).finish().status != 0) continue;
    const std::string script = phyllo({"completion", shell}).out;
    Command check({"/usr/bin/env", shell, "-n"});
    check.write(script);
    const CommandResult result = check.finish();
    EXPECT_EQ(result.status, 0) << shell;
    EXPECT_EQ(result.err, "") << shell;
  }
}

/// What bash offers at the end of `words`.
std::string offered(const std::string& words) {
  Command bash({"/bin/bash", "-s"});
  bash.write(phyllo({"completion", "bash"}).out + "COMP_WORDS=(" + words +
             ")\nCOMP_CWORD=$((${#COMP_WORDS[@]}-1))\n_phyllo\necho \"${COMPREPLY[*]}\"\n");
  return bash.finish().out;
}

TEST(Completion, OffersVerbsOptionsAndShells) {
  EXPECT_EQ(offered("phyllo p"), "pub peers ping plan\n");
  EXPECT_EQ(offered("phyllo pub --c"), "--count\n");
  EXPECT_EQ(offered("phyllo sub topic --js"), "--json\n");
  EXPECT_EQ(offered("phyllo completion z"), "zsh\n");
  EXPECT_EQ(offered("phyllo help tr"), "tree\n");
  EXPECT_EQ(offered("phyllo sim past"), "pastry\n");
  EXPECT_EQ(offered("phyllo sim pastry --nod"), "--nodes\n");
  EXPECT_EQ(offered("phyllo sim --quiet pastry --nod"), "--nodes\n");
  EXPECT_EQ(offered("phyllo pub --file /etc/host"), offered("phyllo pub -f /etc/host"));
  EXPECT_THAT(offered("phyllo pub --file /etc/host"), HasSubstr("/etc/hostname"));
}

TEST(Completion, KnowsEveryOptionOfTheHelp) {
  const std::string script = phyllo({"completion", "bash"}).out;
  for (const std::string& verb : kVerbs) {
    std::istringstream words(phyllo({verb, "--help"}).out);
    for (std::string word; words >> word;) {
      const std::size_t comma = word.find(",--");
      if (comma == std::string::npos) continue;
      EXPECT_THAT(script, HasSubstr(word.substr(comma + 1))) << verb;
    }
  }
}

}  // namespace
}  // namespace phyllo::cli
