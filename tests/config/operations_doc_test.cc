// docs/operations.md quotes settings: these tests fail when it names one that is not there.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "broker/config/settings.h"
#include "broker/config/settings_listing.h"

namespace phyllo::broker {
namespace {

std::string operations() {
  std::ifstream stream(PHYLLO_SOURCE_DIR "/docs/operations.md");
  return std::string(std::istreambuf_iterator<char>(stream), {});
}

std::vector<std::string> matches(const std::string& text, const char* pattern) {
  const std::regex regex(pattern);
  std::vector<std::string> found;
  for (std::sregex_iterator match(text.begin(), text.end(), regex), end; match != end; ++match) {
    found.push_back((*match)[1]);
  }
  return found;
}

TEST(OperationsDoc, ItsSamplesLoad) {
  const std::vector<std::string> samples = matches(operations(), "```yaml\n([^`]*)```");
  EXPECT_EQ(samples.size(), 2u);
  for (const std::string& sample : samples) {
    EXPECT_THAT(parse_settings(sample, "sample.yaml").errors, testing::ElementsAre()) << sample;
  }
}

TEST(OperationsDoc, EverySettingItNamesExists) {
  std::set<std::string> known = {"logging.levels"};
  for (const ListedSetting& setting : list_settings(Settings{})) known.insert(setting.path);
  const std::vector<std::string> named =
      matches(operations(), "`((?:node|peers|clients|http|overlay|multicast|logging)\\.[a-z_.]+)");
  EXPECT_GE(named.size(), 20u);
  for (const std::string& path : named) EXPECT_TRUE(known.contains(path)) << path;
}

}  // namespace
}  // namespace phyllo::broker
