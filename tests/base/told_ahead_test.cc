#include "base/told_ahead.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace phyllo {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(ToldAhead, LeavesWhatWasNotTold) {
  ToldAhead ahead;
  ahead.tell(7, {4, 5});
  ahead.tell(8, {1, 9});
  ahead.tell(7, {8, 9});
  EXPECT_THAT(ahead.untold(7, {1, 10}),
              ElementsAre(NumberRange{1, 3}, NumberRange{6, 7}, NumberRange{10, 10}));
  EXPECT_THAT(ahead.untold(7, {4, 5}), IsEmpty());
  EXPECT_THAT(ahead.untold(7, {5, 8}), ElementsAre(NumberRange{6, 7}));
  EXPECT_THAT(ahead.untold(9, {1, 2}), ElementsAre(NumberRange{1, 2}));
}

TEST(ToldAhead, KeepsWhatLiesBeyondWhatIsSettled) {
  ToldAhead ahead;
  ahead.tell(7, {4, 5});
  ahead.tell(7, {8, 9});
  ahead.settle(7, 6);
  EXPECT_THAT(ahead.untold(7, {4, 9}), ElementsAre(NumberRange{4, 7}));
}

TEST(ToldAhead, ForgetsTheOldestOfTooMany) {
  ToldAhead ahead;
  for (std::uint64_t i = 0; i <= ToldAhead::kCapacity; ++i) ahead.tell(i, {2, 2});
  EXPECT_THAT(ahead.untold(0, {2, 2}), ElementsAre(NumberRange{2, 2}));
  EXPECT_THAT(ahead.untold(1, {2, 2}), IsEmpty());
}

}  // namespace
}  // namespace phyllo
