#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "tests/cli/program/command.h"
#include "tests/cli/program/live_broker.h"

namespace phyllo::cli {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

std::string read(std::string_view file) {
  std::string path = PHYLLO_SOURCE_DIR "/";
  path += file;
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

/// The fenced blocks of a kind, in order.
std::vector<std::string> blocks(const std::string& markdown, const std::string& kind) {
  std::vector<std::string> found;
  const std::string fence = "\n```" + kind + "\n";
  for (std::size_t at = markdown.find(fence); at != std::string::npos;) {
    const std::size_t begin = at + fence.size();
    const std::size_t end = markdown.find("```\n", begin);
    found.push_back(markdown.substr(begin, end - begin));
    at = markdown.find(fence, end);
  }
  return found;
}

TEST(Readme, ShowsTheSampleThatIsCompiled) {
  const auto samples = blocks(read("README.md"), "cpp");
  ASSERT_EQ(samples.size(), 1u);
  EXPECT_EQ(samples[0], read("sdk/examples/readme.cc"));
}

TEST(Readme, SampleReceivesWhatItPublishes) {
  const LiveBroker broker;
  Command sample({PHYLLO_BIN_DIR "/example_readme", broker.endpoint()});
  EXPECT_TRUE(sample.await_out("sensors/temp: 21.5\n"));
  sample.write("\n");
  const CommandResult result = sample.finish();
  EXPECT_EQ(result.status, 0) << result.err;
}

/// The verb and the long options of each `phyllo VERB …` in the README's shell blocks.
std::vector<std::vector<std::string>> phyllo_commands() {
  std::vector<std::vector<std::string>> commands;
  for (const std::string& block : blocks(read("README.md"), "sh")) {
    std::istringstream words(block);
    bool inside = false;
    for (std::string word; words >> word;) {
      if (word == "phyllo") commands.emplace_back();
      inside = word == "phyllo" || (inside && word != "#" && word != "|");
      if (inside && word != "phyllo") commands.back().push_back(word);
    }
  }
  return commands;
}

TEST(Readme, NamesOnlyVerbsAndOptionsThatExist) {
  const auto commands = phyllo_commands();
  EXPECT_GE(commands.size(), 8u);
  for (const std::vector<std::string>& command : commands) {
    ASSERT_FALSE(command.empty());
    const CommandResult help = phyllo({command[0], "--help"});
    EXPECT_EQ(help.status, 0) << command[0];
    for (const std::string& word : command) {
      if (word.starts_with("--")) {
        EXPECT_THAT(help.out, HasSubstr(word)) << command[0];
      }
    }
  }
}

TEST(Readme, NamesOnlyFilesThatExist) {
  const std::string text = read("README.md");
  for (std::size_t at = text.find("]("); at != std::string::npos; at = text.find("](", at + 1)) {
    const std::string target = text.substr(at + 2, text.find(')', at) - at - 2);
    const bool link = target.find(' ') == std::string::npos;  // and not a lambda of the sample
    EXPECT_TRUE(!link || fs::exists(fs::path(PHYLLO_SOURCE_DIR) / target)) << target;
  }
  for (const std::string& block : blocks(text, "sh")) {
    std::istringstream words(block);
    for (std::string word; words >> word;) {
      if (word.starts_with("configs/")) {
        EXPECT_TRUE(fs::exists(fs::path(PHYLLO_SOURCE_DIR) / word)) << word;
      }
    }
  }
}

}  // namespace
}  // namespace phyllo::cli
