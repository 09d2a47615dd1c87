#include "sim/experiment/comparison.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace phyllo::sim {
namespace {

using published::read;
using testing::ElementsAre;
using testing::Eq;

const Cell kEmpty;

Cell text(const char* words) { return std::string(words); }

TEST(Comparison, HasTheMedianTheRangeTheRatioAndWhetherTheGoalIsReached) {
  Comparison comparison("t", {"what"});
  comparison.add({"hops"}, read(2), {4, 1, 3}, at_most(read(2)));
  const Table table = comparison.done("n");
  EXPECT_THAT(table.columns, ElementsAre("what", "published", "how sure", "ours", "least", "most",
                                         "ratio", "reached"));
  EXPECT_THAT(table.rows.at(0), ElementsAre(text("hops"), 2.0, text("read"), 3.0, 1.0, 4.0, 1.5,
                                            text("≤ 2: no, 50 % above")));
  EXPECT_EQ(table.note, "n");
}

TEST(Comparison, LeavesEmptyWhatIsNotKnown) {
  Comparison comparison("t", {"what"});
  comparison.add({"seconds"}, std::nullopt, {7});
  EXPECT_THAT(comparison.done().rows.at(0),
              ElementsAre(text("seconds"), kEmpty, kEmpty, 7.0, kEmpty, kEmpty, kEmpty, kEmpty));
}

TEST(Comparison, SaysWhyThereIsNothingToCompare) {
  Comparison comparison("t", {"what"});
  comparison.add_missing({"seconds"}, read(60), "not within the limit", at_most(60));
  EXPECT_THAT(comparison.done().rows.at(0),
              ElementsAre(text("seconds"), 60.0, text("read"), text("not within the limit"), kEmpty,
                          kEmpty, kEmpty, text("≤ 60: no")));
}

TEST(Goal, IsReachedOnItsOwnSide) {
  EXPECT_TRUE(reached(at_most(2), 2));
  EXPECT_FALSE(reached(at_most(2), 2.01));
  EXPECT_TRUE(reached(at_least(2), 2));
  EXPECT_FALSE(reached(at_least(2), 1.99));
  EXPECT_TRUE(reached(within(.5, .25), .25));
  EXPECT_FALSE(reached(within(.5, .25), .76));
}

TEST(Goal, TellsByHowMuchItIsMissed) {
  EXPECT_EQ(verdict(at_most(2.74), 2.7), "≤ 2.74: yes");
  EXPECT_EQ(verdict(at_most(210), 306), "≤ 210: no, 46 % above");
  EXPECT_EQ(verdict(at_least(.749), .745), "≥ 0.749: no, 0.5 % below");
  EXPECT_EQ(verdict(at_most(0), 3e-5), "≤ 0: no, 3e-5 above");
  EXPECT_EQ(verdict(within(.1643, .02), .2), "0.1643 ± 0.02: no, 0.0357 above");
}

}  // namespace
}  // namespace phyllo::sim
