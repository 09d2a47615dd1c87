// Subscriptions that are behind and hold publishers back: who may, for how long, and who may not.

#include <algorithm>

#include "tests/broker/core/sessions_fixture.h"

namespace phyllo::broker {
namespace {

using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::Not;

class PressureTest : public SessionsTest {
 protected:
  void SetUp() override { welcome(1); }

  /// Until the queue of 1,000 bytes has this many batches of 200 or more.
  void fill(std::size_t batches) {
    for (std::size_t i = 0; i < batches; ++i) deliver("a", ++last_, 200);
    effects_.clear();
  }
  /// How often publishers were held back in that time.
  std::size_t holds(Duration duration) {
    pass(duration);
    const Lines lines = heard();
    return static_cast<std::size_t>(std::ranges::count(lines, "publishers of a wait"));
  }
  /// Part of the time in which publishers wait while the program takes one batch every
  /// millisecond, and one more comes each time.
  double share_of_a_program_that_never_catches_up(Duration duration) {
    std::size_t held = 0;
    for (Duration past{}; past < duration; past += 1ms) {
      say(1, client::Credit{1, 1});
      fill(1);
      held += holds(1ms);
    }
    return static_cast<double>(held) * 1ms / duration;
  }

  multicast::Sequence last_ = 0;
};

TEST_F(PressureTest, HoldsPublishersBackWhileASubscriptionIsBehind) {
  subscribe_live(1, 1, "a", 1);
  fill(1);  // takes all credit
  EXPECT_EQ(holds(10ms), 0u) << "nothing waits";
  fill(3);
  EXPECT_GE(holds(10ms), 5u);
  say(1, client::Credit{1, 10'000});
  heard();
  EXPECT_EQ(holds(1s), 0u) << "it has caught up";
}

TEST_F(PressureTest, DoesNotCareForAShortQueue) {
  subscribe_live(1, 1, "a", 1);
  fill(1);
  deliver("a", 2, 100);
  EXPECT_EQ(holds(1s), 0u);
}

TEST_F(PressureTest, WaitsForNobodyWhoStandsStill) {
  subscribe_live(1, 1, "a", 1);
  fill(4);
  EXPECT_GT(holds(200ms), 0u);
  fill(3);
  EXPECT_EQ(holds(10s), 0u);
  fill(3);
  EXPECT_EQ(holds(10s), 0u);
}

TEST_F(PressureTest, GivesOneThatIsAlwaysBehindAPartOfTheTimeOnly) {
  subscribe_live(1, 1, "a", 1);
  fill(5);
  share_of_a_program_that_never_catches_up(1s);
  const double share = share_of_a_program_that_never_catches_up(2s);
  EXPECT_GT(share, 0.15);
  EXPECT_LT(share, 0.3);
}

TEST_F(PressureTest, StartsAnewWhenEverythingWasTaken) {
  subscribe_live(1, 1, "a", 1);
  fill(5);
  EXPECT_GT(holds(1s), 0u);
  EXPECT_EQ(holds(1s), 0u);
  say(1, client::Credit{1, 10'000});
  fill(40);  // uses the credit up
  EXPECT_GT(holds(50ms), 0u);
}

TEST_F(PressureTest, HoldsNobodyBackForWhoWantsTheNewestOnly) {
  subscribe_live(1, 1, "a", 1, SlowPolicy::kConflate);
  for (multicast::Sequence first = 1; first < 10; ++first) deliver("a", first, 700);
  heard();
  EXPECT_EQ(holds(1s), 0u);
}

TEST_F(PressureTest, ForgetsASubscriptionThatEnds) {
  subscribe_live(1, 1, "a", 1);
  fill(4);
  say(1, client::Unsubscribe{1});
  heard();
  EXPECT_EQ(holds(1s), 0u);
}

TEST_F(PressureTest, ForgetsASessionThatEnds) {
  subscribe_live(1, 1, "a", 1);
  fill(4);
  sessions_.gone(now_, 1, effects_);
  heard();
  EXPECT_EQ(holds(1s), 0u);
}

}  // namespace
}  // namespace phyllo::broker
