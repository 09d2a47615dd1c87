// What a reader makes of a publisher that it hears for the first time, and whose messages before
// that went elsewhere.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>
#include <vector>

#include "base/batch_body.h"
#include "multicast/tracker.h"

namespace phyllo::multicast {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const StreamId kFirst{overlay::NodeId(1), 0, 10};
const StreamId kHeirs{overlay::NodeId(2), 0, 77};
const StreamId kNew{overlay::NodeId(3), 0, 5};
constexpr Time kStart{};
using Ranges = std::vector<std::pair<Sequence, Sequence>>;

/// A reader that began with `kFirst` at its 5th message and read up to the 8th.
class Stranger : public ::testing::Test {
 protected:
  Stranger() { tracker_.follow(kStart, {{kFirst, 5}, {}}, Gap::Why::kMissed); }

  /// Publisher 9's sixth message comes at this time, and it says where the five before it went.
  Ranges missed(Time now, const StreamId& stream, std::vector<Stay> stays) {
    BatchBodyWriter body;
    body.append("x");
    const Sequence next = tracker_.position()->next;
    const StreamBatch batch{stream,
                            stream == tracker_.position()->stream ? next : 1,
                            {9, 6, 1, body.take(), std::move(stays)}};
    const auto reading = tracker_.read(now, batch);
    EXPECT_TRUE(reading.deliver.has_value());
    EXPECT_THAT(reading.stream_gaps, IsEmpty());
    Ranges ranges;
    for (const Gap& gap : reading.publisher_gaps) {
      EXPECT_EQ(gap.publisher, 9u);
      EXPECT_EQ(gap.why, Gap::Why::kRootLost);
      ranges.emplace_back(gap.first, gap.last);
    }
    return ranges;
  }
  void read_up_to_the_8th() { tracker_.follow(kStart, {{kFirst, 9}, {}}, Gap::Why::kMissed); }

  Tracker tracker_;
};

TEST_F(Stranger, MissesWhatAnHeirTookMeanwhileThatItNeverHeardOf) {
  EXPECT_EQ(missed(kStart + 5s, kFirst, {{1, 5, kHeirs, 5, 2s}}), (Ranges{{1, 5}}));
}

TEST_F(Stranger, MissesWhatWasTakenWhereNoTreeWasKnown) {
  EXPECT_EQ(missed(kStart + 5s, kNew, {{1, 5, kHeirs, 0, 2s}}), (Ranges{{1, 5}}));
}

TEST_F(Stranger, MissesNothingFromBeforeItBegan) {
  EXPECT_EQ(missed(kStart + 5s, kFirst, {{1, 5, kHeirs, 5, 5s}}), Ranges());
}

TEST_F(Stranger, MissesOnlyTheStaysOfItsTime) {
  EXPECT_EQ(missed(kStart + 5s, kFirst, {{1, 3, kHeirs, 5, 6s}, {4, 5, kNew, 2, 1s}}),
            (Ranges{{4, 5}}));
}

TEST_F(Stranger, MissesNothingThatTheStreamsNumbersShowed) {
  read_up_to_the_8th();
  EXPECT_EQ(missed(kStart + 5s, kNew, {{1, 5, kFirst, 8, 0s}}), Ranges());
}

TEST_F(Stranger, MissesTheEndThatADeadRootTookWithIt) {
  read_up_to_the_8th();
  EXPECT_EQ(missed(kStart + 5s, kNew, {{1, 5, kFirst, 9, 0s}}), (Ranges{{5, 5}}))
      << "the stream went one further";
}

TEST_F(Stranger, KnowsTheOrderOfOneRootsStreams) {
  StreamId earlier = kFirst;
  --earlier.generation;
  EXPECT_EQ(missed(kStart + 5s, kFirst, {{1, 5, earlier, 0, 0s}}), Ranges());
}

TEST_F(Stranger, MissesWhatItsFirstRootTookLaterInAnotherStream) {
  StreamId later = kFirst;
  ++later.generation;
  EXPECT_EQ(missed(kStart + 5s, kNew, {{1, 5, later, 3, 4s}}), (Ranges{{1, 5}}));
}

TEST_F(Stranger, DoesNotTrustTheOrderOfTwoLivesWithOneIncarnation) {
  StreamId other_life = kFirst;
  other_life.generation -= 1u << 30;
  EXPECT_EQ(missed(kStart + 5s, kNew, {{1, 5, other_life, 3, 4s}}), (Ranges{{1, 5}}));
}

TEST_F(Stranger, MissesNothingOfTheStreamThatItsFirstOneContinued) {
  Tracker tracker;
  tracker.follow(kStart, {{kNew, 1}, StreamEnd{kFirst, 12}}, Gap::Why::kMissed);
  BatchBodyWriter body;
  body.append("x");
  const auto reading =
      tracker.read(kStart + 5s, {kNew, 1, {9, 6, 1, body.take(), {{1, 5, kFirst, 12, 0s}}}});
  EXPECT_THAT(reading.publisher_gaps, IsEmpty());
}

TEST_F(Stranger, IsJudgedOnce) {
  EXPECT_EQ(missed(kStart + 5s, kFirst, {{1, 5, kHeirs, 5, 2s}}), (Ranges{{1, 5}}));
  BatchBodyWriter body;
  body.append("x");
  const auto reading =
      tracker_.read(kStart + 6s, {kFirst, 6, {9, 7, 1, body.take(), {{1, 5, kHeirs, 5, 3s}}}});
  EXPECT_THAT(reading.publisher_gaps, IsEmpty());
}

}  // namespace
}  // namespace phyllo::multicast
