#include "cli/regions/border_matrix.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace phyllo::cli {
namespace {

using Coverage = BorderMatrix::Coverage;
using testing::IsEmpty;
using testing::SizeIs;

BorderInfo border(const std::string& from, const std::string& to, std::uint64_t data,
                  std::uint64_t control) {
  BorderInfo info;
  info.from = from;
  info.to = to;
  info.month_data_bytes = data;
  info.month_control_bytes = control;
  info.spent = static_cast<double>(data);
  info.expected = 2 * info.spent;
  info.bytes_per_second = 1;
  return info;
}

BordersInfo broker(const std::string& id, const std::string& region,
                   std::vector<BorderInfo> borders) {
  return {id, region, std::move(borders), {}};
}

TEST(BorderMatrix, AddsUpWhatTheSendersCount) {
  BorderMatrix matrix =
      add_up({broker("1", "eu", {border("eu", "us", 10, 1), border("us", "eu", 7, 2)}),
              broker("2", "eu", {border("eu", "us", 20, 2)}),
              broker("3", "us", {border("eu", "us", 29, 3), border("us", "eu", 8, 2)})},
             {});
  ASSERT_THAT(matrix.borders, SizeIs(2));
  const auto* out = matrix.find("eu", "us");
  ASSERT_NE(out, nullptr);
  EXPECT_EQ(out->data_bytes, 30u);
  EXPECT_EQ(out->control_bytes, 3u);
  EXPECT_DOUBLE_EQ(out->spent, 30);
  EXPECT_DOUBLE_EQ(out->expected, 60);
  EXPECT_DOUBLE_EQ(out->bytes_per_second, 2);
  EXPECT_EQ(out->coverage, Coverage::kWhole);
  EXPECT_EQ(matrix.find("us", "eu")->data_bytes, 8u);
  EXPECT_EQ(matrix.find("eu", "ap"), nullptr);
}

TEST(BorderMatrix, TakesWhatWasHeardWhereASenderIsSilent) {
  const std::vector<BordersInfo> answers{
      broker("1", "eu", {border("eu", "us", 10, 1), border("eu", "ap", 6, 0)}),
      broker("3", "us", {border("eu", "us", 29, 3), border("us", "eu", 8, 2)}),
      broker("4", "ap", {border("eu", "ap", 5, 0), border("us", "ap", 4, 0)})};
  BorderMatrix matrix = add_up(answers, {"eu"});
  EXPECT_EQ(matrix.find("eu", "us")->data_bytes, 29u) << "another one of eu sent the rest";
  EXPECT_EQ(matrix.find("eu", "ap")->data_bytes, 6u) << "what was sent is more";
  EXPECT_EQ(matrix.find("eu", "us")->coverage, Coverage::kPart);
  EXPECT_EQ(matrix.find("us", "eu")->coverage, Coverage::kWhole);
  EXPECT_EQ(matrix.find("us", "ap")->data_bytes, 4u) << "us says nothing of it";
  EXPECT_EQ(matrix.find("us", "ap")->coverage, Coverage::kPart);
}

TEST(BorderMatrix, TakesABudgetOnceHoweverManyTellIt) {
  BorderInfo told = border("eu", "us", 1, 1);
  told.budget = 30;
  BorderMatrix matrix = add_up({broker("1", "eu", {told}), broker("2", "eu", {told})}, {});
  EXPECT_EQ(matrix.find("eu", "us")->budget, 30);
}

TEST(BorderMatrix, ListsTheBusiestTopicsOfAll) {
  BordersInfo one = broker("1", "eu", {});
  one.topics = {{"a", "us", 10, 1}, {"b", "us", 5, 0}};
  BordersInfo two = broker("2", "eu", {});
  two.topics = {{"b", "us", 9, 2}, {"a", "ap", 3, 0}};
  const BorderMatrix matrix = add_up({one, two}, {});
  ASSERT_THAT(matrix.topics, SizeIs(3));
  EXPECT_EQ(matrix.topics[0].name, "b");
  EXPECT_EQ(matrix.topics[0].bytes, 14u);
  EXPECT_EQ(matrix.topics[0].excess, 2u);
  EXPECT_EQ(matrix.topics[1].name, "a");
  EXPECT_EQ(matrix.topics[1].to, "us");
  EXPECT_EQ(matrix.topics[2].to, "ap");
}

TEST(BorderMatrix, NamesTheBusiestTopicsOfEachBorder) {
  BordersInfo one = broker("1", "eu", {border("eu", "ap", 1, 1), border("eu", "us", 1, 1)});
  one.topics = {{"a", "us", 10, 0}, {"b", "us", 9, 0}, {"c", "us", 8, 0}, {"d", "ap", 1, 0}};
  const auto list = add_up({one}, {}).busiest(2);
  ASSERT_THAT(list, SizeIs(3));
  EXPECT_EQ(list[0].name, "d");
  EXPECT_EQ(list[1].name, "a");
  EXPECT_EQ(list[2].name, "b");
}

TEST(BorderMatrix, IsEmptyWhereThereAreNoRegions) {
  EXPECT_THAT(add_up({broker("1", "default", {})}, {}).borders, IsEmpty());
}

}  // namespace
}  // namespace phyllo::cli
