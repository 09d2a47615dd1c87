// configs/reference.yaml is the documentation of every key: these tests fail when it drifts from
// the code.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <string>
#include <vector>

#include "broker/config/config_file.h"
#include "broker/config/settings.h"
#include "broker/config/settings_listing.h"
#include "broker/config/settings_schema.h"

namespace phyllo::broker {
namespace {

const std::string kReference = PHYLLO_SOURCE_DIR "/configs/reference.yaml";

/// The entry of the key at `path`, or nullptr.
const YamlValue::Entry* find(const YamlValue& root, const std::string& path) {
  const std::size_t dot = path.find('.');
  for (const YamlValue::Entry& entry : root.entries) {
    if (entry.key != path.substr(0, dot)) continue;
    return dot == std::string::npos ? &entry : find(entry.value, path.substr(dot + 1));
  }
  return nullptr;
}

class Reference : public testing::Test {
 protected:
  void SetUp() override {
    ConfigErrors errors;
    tree_ = read_config_file(kReference, errors);
    ASSERT_TRUE(tree_) << errors.lines().front();
    std::ifstream stream(kReference);
    for (std::string line; std::getline(stream, line);) lines_.push_back(line);
  }

  /// The line of the key at `path`.
  const std::string& line(const std::string& path) const {
    return lines_[static_cast<std::size_t>(find(*tree_, path)->position.line) - 1];
  }

  /// The comment above that line.
  std::string comment(const std::string& path) const {
    std::string text;
    for (int at = find(*tree_, path)->position.line - 2; at >= 0; --at) {
      const std::string& above = lines_[static_cast<std::size_t>(at)];
      const std::size_t hash = above.find('#');
      if (hash == std::string::npos || above.find_first_not_of(' ') != hash) break;
      text = above.substr(hash + 1) + text;
    }
    return text;
  }

  std::optional<YamlValue> tree_;
  std::vector<std::string> lines_;
};

TEST_F(Reference, NamesEveryKey) {
  for (const ListedSetting& setting : list_settings(Settings{})) {
    EXPECT_NE(find(*tree_, setting.path), nullptr) << setting.path << " is missing";
  }
  EXPECT_NE(tree_->find("include"), nullptr);
}

TEST_F(Reference, GivesEveryKeyItsDefault) {
  const LoadedSettings loaded = load_settings(kReference);
  ASSERT_THAT(loaded.errors, testing::ElementsAre());
  const std::vector<ListedSetting> written = list_settings(*loaded.settings);
  const std::vector<ListedSetting> defaults = list_settings(Settings{});
  for (std::size_t i = 0; i < defaults.size(); ++i) {
    if (defaults[i].path == "peers.seeds") continue;  // has no default
    EXPECT_EQ(written[i].value, defaults[i].value) << written[i].path;
  }
}

TEST_F(Reference, GivesEveryTimerItsValueInEachProfile) {
  std::map<std::string, std::string> expected;
  for (const auto& [name, profile] :
       {std::pair{"lan", Profile::kLan}, {"wan", Profile::kWan}, {"paper", Profile::kPaper}}) {
    for (const ListedSetting& setting :
         list_settings(default_settings(profile, LogLevel::kInfo, profile))) {
      if (setting.path.find(".timers.") == std::string::npos) continue;
      std::string& text = expected[setting.path];
      text += (text.empty() ? "# " : ", ") + std::string(name) + " " + setting.value;
    }
  }
  EXPECT_EQ(expected.size(), 32u);
  for (const auto& [path, text] : expected) {
    EXPECT_TRUE(line(path).ends_with(text)) << path << " should say: " << text;
  }
}

TEST_F(Reference, TellsEveryKeyOfTheTablesThatAreEmptyByDefault) {
  Settings filled;
  filled.regions["eu-west"].to["us-east"] = {};
  filled.regions["us-east"] = {};
  filled.topics = {{"patients/#", {"eu-west"}}};
  std::size_t keys = 0;
  for (const ListedSetting& setting : list_settings(filled)) {
    const std::string table = setting.path.substr(0, setting.path.find_first_of(".["));
    if (table == setting.path || (table != "regions" && table != "topics")) continue;
    const std::string key = setting.path.substr(setting.path.rfind('.') + 1);
    EXPECT_THAT(comment(table), testing::HasSubstr(key + ":")) << setting.path;
    ++keys;
  }
  EXPECT_EQ(keys, 10u);
}

/// Whether `value` for the key at `path` is refused because of its range.
bool out_of_range(const std::string& path, const std::string& value) {
  std::string yaml;
  std::string indent;
  std::size_t start = 0;
  for (std::size_t dot = path.find('.'); dot != std::string::npos; dot = path.find('.', start)) {
    yaml += indent + path.substr(start, dot - start) + ":\n";
    indent += "  ";
    start = dot + 1;
  }
  yaml += indent + path.substr(start) + ": " + value + "\n";
  for (const std::string& error : parse_settings(yaml, "range.yaml").errors) {
    if (error.find(path + ": must be between ") != std::string::npos) return true;
  }
  return false;
}

std::string neighbour(const std::string& bound, std::int64_t step) {
  if (const auto count = parse_count(bound); count.ok()) return std::to_string(*count + step);
  if (const auto time = parse_duration(bound); time.ok()) {
    return show_duration(*time + Duration(step));
  }
  return show_bytes(*parse_bytes(bound) + static_cast<std::uint64_t>(step));
}

TEST_F(Reference, TellsTheRangeOfEveryNumber) {
  const std::regex range(R"((\d+\w*) to\s+(\d+\w*))");
  std::size_t numbers = 0;
  for (const ListedSetting& setting : list_settings(Settings{})) {
    const std::string& path = setting.path;
    const bool number = parse_count(setting.value).ok() || parse_duration(setting.value).ok() ||
                        parse_bytes(setting.value).ok();
    if (!number) continue;
    ++numbers;
    const bool timer = path.find(".timers.") != std::string::npos;
    std::string text = comment(path);
    std::smatch match;
    if (timer && !std::regex_search(text, match, range)) {
      text = comment(path.substr(0, path.find(".timers.") + 7));  // said once for all
    }
    ASSERT_TRUE(std::regex_search(text, match, range)) << path << " has no range in its comment";
    const std::string least = match[1];
    const std::string most = match[2];
    EXPECT_FALSE(out_of_range(path, least)) << path << ": " << least;
    EXPECT_FALSE(out_of_range(path, most)) << path << ": " << most;
    if (least != "0") {
      EXPECT_TRUE(out_of_range(path, neighbour(least, -1))) << path;
    }
    EXPECT_TRUE(out_of_range(path, neighbour(most, 1))) << path;
  }
  EXPECT_GE(numbers, 34u);
}

}  // namespace
}  // namespace phyllo::broker
