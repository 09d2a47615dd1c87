#include "sdk/src/pace.h"

#include <gtest/gtest.h>

#include <chrono>

namespace phyllo::internal {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Instant kStart = Instant() + seconds(1000);

/// Acknowledges so much every millisecond for a while.
Instant run(Pace& pace, Instant now, milliseconds length, std::size_t bytes_per_millisecond) {
  for (const Instant end = now + length; now < end;) {
    now += milliseconds(1);
    pace.acknowledged(now, bytes_per_millisecond);
  }
  return now;
}

TEST(Pace, BeginsWithSmallBatches) {
  Pace pace;
  EXPECT_EQ(pace.batch_bytes(), Pace::kLeastBatch);
  pace.acknowledged(kStart, 100 << 20);
  EXPECT_EQ(pace.batch_bytes(), Pace::kLeastBatch) << "nobody knows how long that took";
}

TEST(Pace, GrowsWithWhatIsAcknowledgedAndFallsWithIt) {
  Pace pace;
  Instant now = run(pace, kStart, milliseconds(100), 50'000);
  EXPECT_EQ(pace.batch_bytes(), 200'000u) << "four milliseconds of it";
  now = run(pace, now, milliseconds(100), 1 << 20);
  EXPECT_EQ(pace.batch_bytes(), Pace::kLargestBatch);
  run(pace, now, milliseconds(100), 1000);
  EXPECT_EQ(pace.batch_bytes(), Pace::kLeastBatch);
}

TEST(Pace, ABurstAfterAPauseIsNoFastWay) {
  Pace pace;
  pace.acknowledged(kStart, 0);
  pace.acknowledged(kStart + seconds(1), 10 << 20);
  EXPECT_EQ(pace.batch_bytes(), Pace::kLeastBatch);
  pace.acknowledged(kStart + seconds(1), 10 << 20);
  EXPECT_EQ(pace.batch_bytes(), Pace::kLeastBatch) << "no time has passed";
}

}  // namespace
}  // namespace phyllo::internal
