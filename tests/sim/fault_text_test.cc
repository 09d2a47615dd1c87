// Faults as text: what is written is read back, and what cannot be meant is refused.

#include "sim/fault/fault_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace phyllo::sim {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

const FaultPlan kOneOfEach{
    {12500ms, Crash{3, Death::kSilent}},
    {12500ms, Crash{3, Death::kReported}},
    {0s, MassCrash{1, Death::kSilent, 77}},
    {1ns, Restart{3}},
    {15s, Drain{4}},
    {16s, Pause{5, 2s}},
    {17s, Partition{{1, 2, 5}, Cut::kBothWays, 8s}},
    {17s, Partition{{1, 2}, Cut::kMute, 8s}},
    {17s, Partition{{4}, Cut::kDeaf, 750ms}},
    {18s, Clog{3, 4, 1500ms}},
    {19s, Loss{0.05, 3s}},
    {19s, Corruption{1.0 / 3, 3s}},
    {19s, Duplication{0.1, 3s}},
    {20s, Spikes{0.02, 200ms, 3s}},
    {21s, BrokenLink{3, 4}},
    {21s, BrokenSessions{3}},
    {22s, Heal{}},
};

TEST(FaultText, OfEveryKindIsReadBackAsItWas) {
  const auto plan = parse_plan(to_text(kOneOfEach));
  ASSERT_TRUE(plan.ok()) << plan.error().message;
  EXPECT_EQ(*plan, kOneOfEach);
}

TEST(FaultText, SaysInOneLineWhatHappensWhen) {
  EXPECT_EQ(to_text(kOneOfEach[0]), "12.5s crash 3 silent");
  EXPECT_EQ(to_text(kOneOfEach[3]), "0.000000001s restart 3");
  EXPECT_EQ(to_text(kOneOfEach[6]), "17s isolate 1,2,5 for 8s");
  EXPECT_EQ(to_text(kOneOfEach[13]), "20s delay 0.02 by 0.2s for 3s");
}

TEST(FaultText, LeavesOutCommentsAndEmptyLines) {
  const auto plan = parse_plan("# nothing\n\n  1s  heal   # at last\n");
  ASSERT_TRUE(plan.ok()) << plan.error().message;
  EXPECT_EQ(*plan, (FaultPlan{{1s, Heal{}}}));
}

TEST(FaultText, SaysWhatWasExpectedAndWhere) {
  const auto error = [](const char* text) {
    const auto plan = parse_plan(text);
    return plan.ok() ? "no error" : plan.error().message;
  };
  EXPECT_EQ(error("1s heal\n1s explode 3"), "line 2: there is no fault 'explode'");
  EXPECT_EQ(error("soon heal"), "line 1: expected a time in seconds such as 2.5s, not 'soon'");
  EXPECT_EQ(error("1s crash"), "line 1: expected the number of a broker, not ''");
  EXPECT_EQ(error("1s crash 3 loudly"), "line 1: expected 'silent' or 'reported', not 'loudly'");
  EXPECT_EQ(error("1s pause 3"), "line 1: expected 'for', not ''");
  EXPECT_EQ(error("1s heal now"), "line 1: nothing may follow, not 'now'");
  EXPECT_THAT(error("1s isolate 1,,2 for 1s"), HasSubstr("the number of a broker"));
  EXPECT_THAT(error("1s crash 4294967296 silent"), HasSubstr("no broker has number 4294967296"));
  EXPECT_THAT(error("-1s heal"), HasSubstr("a time in seconds"));
  EXPECT_THAT(error("1e3s heal"), HasSubstr("a time in seconds"));
  EXPECT_THAT(error("99999999999s heal"), HasSubstr("a time in seconds"));
  EXPECT_THAT(error("1s lose nan for 1s"), HasSubstr("a chance"));
}

TEST(FaultPlan, IsRefusedWhenItNamesNobodyOrMakesNoSense) {
  const auto error = [](Fault fault) {
    const auto checked = check_plan({{1s, std::move(fault)}}, 5);
    return checked.ok() ? "no error" : checked.error().message;
  };
  EXPECT_EQ(error(Crash{4, Death::kSilent}), "no error");
  EXPECT_EQ(error(Restart{5}), "1s restart 5: there are brokers 0 to 4 only");
  EXPECT_THAT(error(Clog{1, 9, 1s}), HasSubstr("brokers 0 to 4"));
  EXPECT_THAT(error(Partition{{0, 7}, Cut::kMute, 1s}), HasSubstr("brokers 0 to 4"));
  EXPECT_THAT(error(Loss{1.5, 1s}), HasSubstr("a chance is between 0 and 1"));
  EXPECT_THAT(error(MassCrash{-1, Death::kSilent, 1}), HasSubstr("a share is between 0 and 1"));
  EXPECT_THAT(error(Pause{1, 0s}), HasSubstr("it must last"));
}

TEST(FaultPlan, EndsWhenItsLastFaultHasEnded) {
  EXPECT_EQ(end_of({}), 0s);
  EXPECT_EQ(end_of({{5s, Pause{1, 2s}}, {6s, Heal{}}}), 7s);
}

}  // namespace
}  // namespace phyllo::sim
