#include "cli/demo/border_block.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace phyllo::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

BorderMatrix sample() {
  BorderMatrix matrix;
  matrix.borders = {{.from = "asia",
                     .to = "europe",
                     .data_bytes = 900'000,
                     .control_bytes = 100'000,
                     .now_per_second = 1000,
                     .price_per_gb = 2},
                    {.from = "europe", .to = "asia", .control_bytes = 5'000, .now_per_second = 10}};
  return matrix;
}

TEST(BorderBlock, ShowsPairsThatMessagesOfTopicsCrossAndTheSumOfAll) {
  EXPECT_THAT(border_block(sample()),
              ElementsAre("FROM       TO      MESSAGES  CONTROL        NOW  COST A MONTH",
                          "asia       europe    900 kB   100 kB  1.00 kB/s          5.18",
                          "all pairs            900 kB   105 kB  1.01 kB/s          5.18"));
}

TEST(BorderBlock, SaysNothingOfRatesBeforeTheSecondLook) {
  BorderMatrix matrix = sample();
  for (auto& border : matrix.borders) border.now_per_second.reset();
  EXPECT_THAT(border_block(matrix), Not(testing::Contains(HasSubstr("/s"))));
}

TEST(BorderBlock, IsEmptyWhereThereAreNoBorders) {
  EXPECT_THAT(border_block(BorderMatrix{}), IsEmpty());
}

}  // namespace
}  // namespace phyllo::cli
