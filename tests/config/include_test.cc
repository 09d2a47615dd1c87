#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <system_error>

#include "broker/config/settings.h"
#include "tests/config/config_folder.h"

namespace phyllo::broker {
namespace {

using testing::ElementsAre;

TEST(Include, AValueInTheIncludingFileWins) {
  const ConfigFolder folder;
  folder.write("cluster.yaml",
               "cluster: shared\npeers: {seeds: [], links: 100, queue_size: 32MiB}\n");
  folder.write("node.yaml", "include: [cluster.yaml]\npeers: {links: 200}\n");
  const LoadedSettings loaded = folder.load("node.yaml");
  ASSERT_THAT(loaded.errors, ElementsAre());
  EXPECT_EQ(loaded.settings->core.cluster, "shared");
  EXPECT_EQ(loaded.settings->peers.links, 200u);
  EXPECT_EQ(loaded.settings->peers.queue_bytes, 32u << 20);
}

TEST(Include, ALaterFileWinsOverAnEarlierOne) {
  const ConfigFolder folder;
  folder.write("a.yaml", "cluster: a\npeers: {seeds: []}\n");
  folder.write("b.yaml", "cluster: b\n");
  folder.write("node.yaml", "include: [a.yaml, b.yaml]\n");
  EXPECT_EQ(folder.load("node.yaml").settings->core.cluster, "b");
}

TEST(Include, ListsAreReplacedNotJoined) {
  const ConfigFolder folder;
  folder.write("cluster.yaml", "peers: {seeds: [tcp://127.0.0.1:1, tcp://127.0.0.1:2]}\n");
  folder.write("node.yaml", "include: [cluster.yaml]\npeers: {seeds: [tcp://127.0.0.1:3]}\n");
  const LoadedSettings loaded = folder.load("node.yaml");
  ASSERT_TRUE(loaded.ok());
  EXPECT_EQ(loaded.settings->peers.seeds.size(), 1u);
}

TEST(Include, AnEmptySectionTakesNothingAway) {
  const ConfigFolder folder;
  folder.write("cluster.yaml", "peers: {seeds: [], links: 100}\n");
  folder.write("node.yaml", "include: [cluster.yaml]\npeers:\n");
  EXPECT_EQ(folder.load("node.yaml").settings->peers.links, 100u);
}

TEST(Include, IsRelativeToTheFileThatIncludes) {
  const ConfigFolder folder;
  std::filesystem::create_directory(folder.path("shared"));
  folder.write("shared/base.yaml", "peers: {seeds: []}\n");
  folder.write("shared/cluster.yaml", "include: [base.yaml]\ncluster: c\n");
  folder.write("node.yaml", "include: [shared/cluster.yaml]\n");
  EXPECT_TRUE(folder.load("node.yaml").ok());
}

TEST(Include, AMistakeIsReportedInTheFileThatHoldsIt) {
  const ConfigFolder folder;
  folder.write("cluster.yaml", "cluster: c\n\npeers: {seeds: [], links: 0}\n");
  folder.write("node.yaml", "include: [cluster.yaml]\nhttp: {listn: none}\n");
  EXPECT_THAT(folder.errors("node.yaml"),
              ElementsAre("cluster.yaml:3:27: peers.links: must be between 2 and 1000000, not 0",
                          "node.yaml:2:8: unknown key 'listn' in http; did you mean 'listen'?"));
}

TEST(Include, ABrokenFileIsReportedByItsOwnName) {
  const ConfigFolder folder;
  folder.write("cluster.yaml", "cluster: [\n");
  folder.write("node.yaml", "include: [cluster.yaml]\npeers: {seeds: []}\n");
  EXPECT_THAT(folder.errors("node.yaml"),
              ElementsAre("cluster.yaml:1:10: not valid YAML: this '[' is never closed"));
}

TEST(Include, AMissingFileIsReportedWhereItIsNamed) {
  const ConfigFolder folder;
  folder.write("node.yaml", "peers: {seeds: []}\ninclude:\n  - nowhere.yaml\n");
  EXPECT_THAT(folder.errors("node.yaml"),
              ElementsAre("node.yaml:3:5: cannot read 'nowhere.yaml': No such file or directory"));
}

TEST(Include, AFileThatIncludesItselfIsRefused) {
  const ConfigFolder folder;
  folder.write("node.yaml", "include: [node.yaml]\n");
  EXPECT_THAT(folder.errors("node.yaml"),
              ElementsAre("node.yaml:1:11: include: 'node.yaml' includes itself"));
}

TEST(Include, ACycleOfFilesIsRefused) {
  const ConfigFolder folder;
  folder.write("a.yaml", "include: [b.yaml]\n");
  folder.write("b.yaml", "include: [./c.yaml]\n");
  folder.write("c.yaml", "include: [a.yaml]\n");
  EXPECT_THAT(folder.errors("a.yaml"),
              ElementsAre("./c.yaml:1:11: include: 'a.yaml' includes itself"));
}

TEST(Include, TheSameFileMayBeIncludedTwice) {
  const ConfigFolder folder;
  folder.write("base.yaml", "peers: {seeds: []}\n");
  folder.write("a.yaml", "include: [base.yaml]\n");
  folder.write("node.yaml", "include: [base.yaml, a.yaml]\n");
  EXPECT_TRUE(folder.load("node.yaml").ok());
}

TEST(Include, ABombOfIncludesIsRefused) {
  const ConfigFolder folder;
  folder.write("0.yaml", "peers: {seeds: []}\n");
  for (int i = 1; i <= 7; ++i) {
    const std::string below = std::to_string(i - 1) + ".yaml";
    folder.write(std::to_string(i) + ".yaml", "include: [" + below + ", " + below + "]\n");
  }
  EXPECT_FALSE(folder.errors("7.yaml").empty());
  EXPECT_THAT(folder.errors("7.yaml").front(), testing::HasSubstr("include: too many files"));
}

TEST(Include, AChainOfIncludesThatIsTooDeepIsRefused) {
  const ConfigFolder folder;
  folder.write("0.yaml", "peers: {seeds: []}\n");
  for (int i = 1; i <= 8; ++i) {
    folder.write(std::to_string(i) + ".yaml", "include: [" + std::to_string(i - 1) + ".yaml]\n");
  }
  EXPECT_TRUE(folder.load("7.yaml").ok());
  EXPECT_THAT(folder.errors("8.yaml"), ElementsAre("1.yaml:1:11: include: too many files"));
}

TEST(Include, TakesAListOfFilesOnly) {
  const ConfigFolder folder;
  folder.write("text.yaml", "include: a.yaml\npeers: {seeds: []}\n");
  folder.write("map.yaml", "include: [{file: a.yaml}]\npeers: {seeds: []}\n");
  folder.write("empty.yaml", "include: [\"\"]\npeers: {seeds: []}\n");
  EXPECT_THAT(folder.errors("text.yaml"),
              ElementsAre("text.yaml:1:10: include: must be a list of files"));
  EXPECT_THAT(folder.errors("map.yaml"),
              ElementsAre("map.yaml:1:11: include: must be a list of files"));
  EXPECT_THAT(folder.errors("empty.yaml"),
              ElementsAre("empty.yaml:1:11: include: must be a list of files"));
}

TEST(Include, IsNotForATextWithoutAFile) {
  EXPECT_TRUE(parse_settings("include: []\npeers: {seeds: []}\n", "text").ok());
  EXPECT_THAT(parse_settings("include: [/etc/passwd]\n", "text").errors,
              ElementsAre("text:1:10: include: must be [] in a text that is not a file"));
}

}  // namespace
}  // namespace phyllo::broker
