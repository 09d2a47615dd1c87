#include "sdk/src/stream_tracker.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>
#include <vector>

namespace phyllo::internal {
namespace {

Stream stream(char name) {
  Stream made;
  made.root.fill(static_cast<std::uint8_t>(name));
  return made;
}

Deliver batch(char name, std::uint64_t first, std::uint32_t count, std::uint64_t publisher,
              std::uint64_t publisher_first) {
  return {1, stream(name), first, count, publisher, publisher_first};
}

Gap stream_gap(char name, std::uint64_t from, std::uint64_t to) {
  Gap gap;
  gap.stream = stream(name);
  gap.from = from;
  gap.to = to;
  return gap;
}

Gap publisher_gap(std::uint64_t publisher, std::uint64_t from, std::uint64_t to) {
  Gap gap = stream_gap('a', from, to);
  gap.scope = Gap::Scope::kPublisher;
  gap.publisher = publisher;
  return gap;
}

TEST(StreamTracker, AFreshSubscriptionStartsAnywhere) {
  StreamTracker tracker;
  EXPECT_FALSE(tracker.resume({stream('a'), 50}));
  const auto verdict = tracker.deliver(batch('a', 50, 3, 7, 900));
  EXPECT_FALSE(verdict.stream_hole);
  EXPECT_FALSE(verdict.publisher_hole);
  EXPECT_EQ(verdict.skip, 0u);
}

TEST(StreamTracker, AHoleBeforeTheFirstMessageIsSeen) {
  StreamTracker tracker;
  tracker.resume({stream('a'), 50});
  const auto verdict = tracker.deliver(batch('a', 52, 1, 7, 1));
  ASSERT_TRUE(verdict.stream_hole);
  EXPECT_EQ(verdict.stream_hole->first, 50u);
  EXPECT_EQ(verdict.stream_hole->last, 51u);
}

TEST(StreamTracker, ADuplicateIsSkippedInPartOrWhole) {
  StreamTracker tracker;
  tracker.deliver(batch('a', 1, 4, 7, 1));
  EXPECT_EQ(tracker.deliver(batch('a', 1, 4, 7, 1)).skip, 4u);
  EXPECT_EQ(tracker.deliver(batch('a', 3, 4, 7, 3)).skip, 2u);
  EXPECT_EQ(tracker.deliver(batch('a', 7, 1, 7, 7)).skip, 0u);
}

TEST(StreamTracker, AHoleOfTheStreamExplainsThoseOfItsPublishers) {
  StreamTracker tracker;
  tracker.deliver(batch('a', 1, 2, 7, 1));
  tracker.deliver(batch('a', 3, 2, 8, 1));
  const auto first = tracker.deliver(batch('a', 9, 1, 7, 5));
  EXPECT_TRUE(first.stream_hole);
  EXPECT_FALSE(first.publisher_hole);
  const auto second = tracker.deliver(batch('a', 10, 1, 8, 5));
  EXPECT_FALSE(second.stream_hole);
  EXPECT_FALSE(second.publisher_hole) << "lost in the same hole";
  const auto third = tracker.deliver(batch('a', 11, 1, 8, 7));
  ASSERT_TRUE(third.publisher_hole) << "that hole is another one";
  EXPECT_EQ(third.publisher_hole->first, 6u);
  EXPECT_EQ(third.publisher_hole->last, 6u);
}

TEST(StreamTracker, AHoleAcrossStreamsIsSeenInThePublishersNumbers) {
  StreamTracker tracker;
  tracker.resume({stream('a'), 1});
  tracker.deliver(batch('a', 1, 2, 7, 1));
  EXPECT_FALSE(tracker.resume({stream('b'), 1}));
  const auto verdict = tracker.deliver(batch('b', 1, 1, 7, 5));
  ASSERT_TRUE(verdict.publisher_hole);
  EXPECT_EQ(verdict.publisher_hole->first, 3u);
  EXPECT_EQ(verdict.publisher_hole->last, 4u);
}

TEST(StreamTracker, AnEarlierHoleOfAnotherStreamExplainsNothing) {
  StreamTracker tracker;
  tracker.deliver(batch('a', 1, 1, 7, 1));
  tracker.gap(stream_gap('a', 2, 3));
  const auto verdict = tracker.deliver(batch('b', 1, 1, 7, 9));
  EXPECT_TRUE(verdict.publisher_hole) << "some of 2..8 may have been lost with stream a";
}

TEST(StreamTracker, AStreamThatBeganMeanwhileWasMissedUpToNow) {
  StreamTracker tracker;
  tracker.resume({stream('a'), 10});
  const auto hole = tracker.resume({stream('b'), 5});
  ASSERT_TRUE(hole);
  EXPECT_EQ(hole->stream, stream('b'));
  EXPECT_EQ(hole->first, 1u);
  EXPECT_EQ(hole->last, 4u);
}

TEST(StreamTracker, ComingBackToTheSameStreamKnowsTheHole) {
  StreamTracker tracker;
  tracker.resume({stream('a'), 10});
  EXPECT_FALSE(tracker.resume({stream('a'), 10}));
  EXPECT_FALSE(tracker.resume({stream('a'), 3})) << "a broker behind is no hole";
  const auto hole = tracker.resume({stream('a'), 12});
  ASSERT_TRUE(hole);
  EXPECT_EQ(hole->first, 10u);
  EXPECT_EQ(hole->last, 11u);
}

TEST(StreamTracker, ABrokersGapIsToldOnceAndCut) {
  StreamTracker tracker;
  tracker.deliver(batch('a', 1, 4, 7, 1));
  EXPECT_FALSE(tracker.gap(stream_gap('a', 2, 4)).gap) << "all of it arrived";
  const auto cut = tracker.gap(stream_gap('a', 3, 6));
  ASSERT_TRUE(cut.gap);
  EXPECT_EQ(cut.gap->from, 5u);
  EXPECT_EQ(cut.gap->to, 6u);
  EXPECT_FALSE(tracker.gap(stream_gap('a', 3, 6)).gap);
  EXPECT_FALSE(tracker.deliver(batch('a', 7, 1, 7, 7)).stream_hole);
}

TEST(StreamTracker, AGapThatLeavesNumbersOutMakesAHoleInFront) {
  StreamTracker tracker;
  tracker.deliver(batch('a', 1, 1, 7, 1));
  const auto reported = tracker.gap(stream_gap('a', 4, 5));
  ASSERT_TRUE(reported.before);
  EXPECT_EQ(reported.before->first, 2u);
  EXPECT_EQ(reported.before->last, 3u);
  EXPECT_TRUE(reported.gap);
}

TEST(StreamTracker, APublishersGapIsNotFoundAgainInItsNumbers) {
  StreamTracker tracker;
  tracker.deliver(batch('a', 1, 1, 7, 1));
  EXPECT_TRUE(tracker.gap(publisher_gap(7, 2, 4)).gap);
  EXPECT_FALSE(tracker.deliver(batch('b', 1, 1, 7, 5)).publisher_hole);
  EXPECT_EQ(tracker.deliver(batch('b', 2, 1, 7, 3)).skip, 1u) << "reported as lost stays lost";
}

TEST(StreamTracker, APublisherThatSkipsNumbersInOneStreamIsNoticed) {
  StreamTracker tracker;
  tracker.deliver(batch('a', 1, 1, 7, 1));
  EXPECT_TRUE(tracker.deliver(batch('a', 2, 1, 7, 3)).publisher_hole);
}

TEST(StreamTracker, RemembersABoundedNumberOfPublishers) {
  RecentPublishers publishers;
  for (std::uint64_t i = 1; i <= 100'000; ++i) publishers.insert(i, {i, 0, 0});
  EXPECT_LE(publishers.size(), 2 * RecentPublishers::kGeneration);
  EXPECT_EQ(publishers.find(1), nullptr);
  ASSERT_NE(publishers.find(100'000), nullptr);
  EXPECT_EQ(publishers.find(100'000)->last, 100'000u);
}

TEST(StreamTracker, AnActivePublisherIsNotForgotten) {
  RecentPublishers publishers;
  publishers.insert(1, {5, 0, 0});
  for (std::uint64_t i = 2; i <= 100'000; ++i) {
    publishers.insert(i, {i, 0, 0});
    if (i % 100 == 0) {
      ASSERT_NE(publishers.find(1), nullptr);
    }
  }
}

/// Deliveries of one stream with losses and repetitions: what is handed on is in order and without
/// repetition, and every number is either handed on or in a hole.
RC_GTEST_PROP(StreamTrackerProperty, EveryNumberIsDeliveredOrMissingExactlyOnce, ()) {
  StreamTracker tracker;
  tracker.resume({stream('a'), 1});
  std::uint64_t next = 1;
  std::multiset<std::uint64_t> told;
  std::uint64_t last_handed = 0;
  const auto steps = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 4));
  for (const int step : steps) {
    const auto count = *rc::gen::inRange<std::uint32_t>(1, 5);
    if (step == 0) {  // lost without a word
      next += count;
      continue;
    }
    std::uint64_t first = next;
    if (step == 1) {  // sent again from further back
      first -= std::min<std::uint64_t>(next - 1, *rc::gen::inRange<std::uint64_t>(0, 6));
    }
    if (step == 2) {
      const auto reported = tracker.gap(stream_gap('a', first, first + count - 1));
      for (const auto& hole : {reported.before}) {
        if (hole) {
          for (auto n = hole->first; n <= hole->last; ++n) told.insert(n);
        }
      }
      if (reported.gap) {
        for (auto n = reported.gap->from; n <= reported.gap->to; ++n) told.insert(n);
      }
    } else {
      const auto verdict = tracker.deliver(batch('a', first, count, 7, first));
      RC_ASSERT(!verdict.publisher_hole);
      if (verdict.stream_hole) {
        for (auto n = verdict.stream_hole->first; n <= verdict.stream_hole->last; ++n) {
          told.insert(n);
        }
      }
      for (std::uint64_t n = first + verdict.skip; n < first + count; ++n) {
        RC_ASSERT(n > last_handed);
        last_handed = n;
        told.insert(n);
      }
    }
    next = std::max(next, first + count);
  }
  const auto final = tracker.deliver(batch('a', next, 1, 7, next));
  if (final.stream_hole) {
    for (auto n = final.stream_hole->first; n <= final.stream_hole->last; ++n) told.insert(n);
  }
  for (std::uint64_t n = 1; n < next; ++n) RC_ASSERT(told.count(n) == 1u);
}

}  // namespace
}  // namespace phyllo::internal
