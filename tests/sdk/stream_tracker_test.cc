#include "sdk/src/stream_tracker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>
#include <vector>

namespace phyllo::internal {
namespace {

using namespace std::chrono_literals;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr Instant kNow{};

Stream stream(char name) {
  Stream made;
  made.root.fill(static_cast<std::uint8_t>(name));
  return made;
}

Deliver batch(char name, std::uint64_t first, std::uint32_t count, std::uint64_t publisher,
              std::uint64_t publisher_first) {
  return {1, stream(name), first, count, publisher, publisher_first, {}};
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
  const auto verdict = tracker.deliver(kNow, batch('a', 50, 3, 7, 900));
  EXPECT_THAT(verdict.holes, IsEmpty());
  EXPECT_EQ(verdict.skip, 0u);
}

// A new root numbers again what publishers gave it again.
TEST(StreamTracker, NumbersThatABrokerLeavesOutAreNotMissed) {
  StreamTracker tracker;
  tracker.resume({stream('a'), 50});
  EXPECT_THAT(tracker.deliver(kNow, batch('a', 52, 1, 7, 1)).holes, IsEmpty());
  const auto gap = tracker.gap(stream_gap('a', 55, 56));
  ASSERT_TRUE(gap);
  EXPECT_EQ(gap->from, 55u);
}

TEST(StreamTracker, ADuplicateIsSkippedInPartOrWhole) {
  StreamTracker tracker;
  tracker.deliver(kNow, batch('a', 1, 4, 7, 1));
  EXPECT_EQ(tracker.deliver(kNow, batch('a', 1, 4, 7, 1)).skip, 4u);
  EXPECT_EQ(tracker.deliver(kNow, batch('a', 3, 4, 7, 3)).skip, 2u);
  EXPECT_EQ(tracker.deliver(kNow, batch('a', 7, 1, 7, 7)).skip, 0u);
}

TEST(StreamTracker, AHoleOfTheStreamExplainsThoseOfItsPublishers) {
  StreamTracker tracker;
  tracker.deliver(kNow, batch('a', 1, 2, 7, 1));
  tracker.deliver(kNow, batch('a', 3, 2, 8, 1));
  tracker.gap(stream_gap('a', 5, 8));
  const auto first = tracker.deliver(kNow, batch('a', 9, 1, 7, 5));
  EXPECT_THAT(first.holes, IsEmpty());
  const auto second = tracker.deliver(kNow, batch('a', 10, 1, 8, 5));
  EXPECT_THAT(second.holes, IsEmpty()) << "lost in the same hole";
  const auto third = tracker.deliver(kNow, batch('a', 11, 1, 8, 7));
  ASSERT_EQ(third.holes.size(), 1u) << "that hole is another one";
  EXPECT_EQ(third.holes[0].first, 6u);
  EXPECT_EQ(third.holes[0].last, 6u);
}

TEST(StreamTracker, AHoleAcrossStreamsIsSeenInThePublishersNumbers) {
  StreamTracker tracker;
  tracker.resume({stream('a'), 1});
  tracker.deliver(kNow, batch('a', 1, 2, 7, 1));
  EXPECT_FALSE(tracker.resume({stream('b'), 1}));
  const auto verdict = tracker.deliver(kNow, batch('b', 1, 1, 7, 5));
  ASSERT_EQ(verdict.holes.size(), 1u);
  EXPECT_EQ(verdict.holes[0].first, 3u);
  EXPECT_EQ(verdict.holes[0].last, 4u);
}

TEST(StreamTracker, AnEarlierHoleOfAnotherStreamExplainsNothing) {
  StreamTracker tracker;
  tracker.deliver(kNow, batch('a', 1, 1, 7, 1));
  tracker.gap(stream_gap('a', 2, 3));
  const auto verdict = tracker.deliver(kNow, batch('b', 1, 1, 7, 9));
  EXPECT_THAT(verdict.holes, Not(IsEmpty())) << "some of 2..8 may have been lost with stream a";
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
  tracker.deliver(kNow, batch('a', 1, 4, 7, 1));
  EXPECT_FALSE(tracker.gap(stream_gap('a', 2, 4))) << "all of it arrived";
  const auto cut = tracker.gap(stream_gap('a', 3, 6));
  ASSERT_TRUE(cut);
  EXPECT_EQ(cut->from, 5u);
  EXPECT_EQ(cut->to, 6u);
  EXPECT_FALSE(tracker.gap(stream_gap('a', 3, 6)));
  EXPECT_THAT(tracker.deliver(kNow, batch('a', 7, 1, 7, 7)).holes, IsEmpty());
}

TEST(StreamTracker, APublishersGapIsNotFoundAgainInItsNumbers) {
  StreamTracker tracker;
  tracker.deliver(kNow, batch('a', 1, 1, 7, 1));
  EXPECT_TRUE(tracker.gap(publisher_gap(7, 2, 4)));
  EXPECT_THAT(tracker.deliver(kNow, batch('b', 1, 1, 7, 5)).holes, IsEmpty());
  EXPECT_EQ(tracker.deliver(kNow, batch('b', 2, 1, 7, 3)).skip, 1u)
      << "reported as lost stays lost";
}

TEST(StreamTracker, APublisherThatSkipsNumbersInOneStreamIsNoticed) {
  StreamTracker tracker;
  tracker.deliver(kNow, batch('a', 1, 1, 7, 1));
  EXPECT_THAT(tracker.deliver(kNow, batch('a', 2, 1, 7, 3)).holes, SizeIs(1));
}

TEST(StreamTracker, WhatTheStreamsNumbersToldIsNotToldAgainAfterAChangeOfStream) {
  StreamTracker tracker;
  tracker.deliver(kNow, batch('a', 1, 1, 7, 1));
  tracker.gap(stream_gap('a', 2, 3));
  Deliver later = batch('b', 1, 1, 7, 6);
  later.stays = {{1, 4, stream('a'), 4, 10ms}, {5, 5, stream('c'), 1, 5ms}};
  const auto holes = tracker.deliver(kNow, later).holes;
  ASSERT_THAT(holes, SizeIs(2));
  EXPECT_EQ(holes[0].first, 4u) << "stream a went one further than it was heard";
  EXPECT_EQ(holes[0].last, 4u);
  EXPECT_EQ(holes[1].first, 5u) << "nobody heard of stream c";
  EXPECT_EQ(holes[1].last, 5u);
}

TEST(StreamTracker, AStrangersMessagesAreMissedWhenTheyWereTakenSinceTheSubscriptionWasLive) {
  StreamTracker tracker;
  tracker.live(kNow);
  tracker.resume({stream('a'), 10});
  Deliver first = batch('a', 10, 1, 7, 6);
  first.stays = {{1, 3, stream('b'), 40, 6s}, {4, 5, stream('c'), 2, 4s}};
  const auto holes = tracker.deliver(kNow + 5s, first).holes;
  ASSERT_THAT(holes, SizeIs(1));
  EXPECT_EQ(holes[0].first, 4u);
  EXPECT_EQ(holes[0].last, 5u);
}

/// The broker may serve this reader for a shorter time than it has been there.
TEST(StreamTracker, WhatABrokerLeftOutBeforeAGapIsJudgedByTheStays) {
  StreamTracker tracker;
  tracker.live(kNow);
  tracker.resume({stream('a'), 1});
  EXPECT_TRUE(tracker.gap(publisher_gap(7, 4, 5)));
  EXPECT_FALSE(tracker.gap(publisher_gap(7, 4, 5))) << "told before";
  Deliver first = batch('a', 1, 1, 7, 6);
  first.stays = {
      {1, 1, stream('b'), 1, 9s}, {2, 3, stream('b'), 3, 4s}, {4, 5, stream('c'), 2, 2s}};
  const auto holes = tracker.deliver(kNow + 5s, first).holes;
  ASSERT_THAT(holes, SizeIs(1));
  EXPECT_EQ(holes[0].first, 2u);
  EXPECT_EQ(holes[0].last, 3u);

  EXPECT_TRUE(tracker.gap(publisher_gap(7, 9, 9)));
  Deliver second = batch('a', 2, 1, 7, 10);
  second.stays = {{7, 9, stream('d'), 2, 1s}};
  const auto more = tracker.deliver(kNow + 6s, second).holes;
  ASSERT_THAT(more, SizeIs(1)) << "of a publisher that was heard before";
  EXPECT_EQ(more[0].first, 7u);
  EXPECT_EQ(more[0].last, 8u);
}

TEST(StreamTracker, RemembersABoundedNumberOfPublishers) {
  RecentPublishers publishers;
  for (std::uint64_t i = 1; i <= 100'000; ++i) publishers.insert(i, {i, 0, 0});
  EXPECT_LE(publishers.size(), 2 * RecentPublishers::kGeneration);
  EXPECT_EQ(publishers.find(1), nullptr);
  ASSERT_NE(publishers.find(100'000), nullptr);
  EXPECT_EQ(publishers.find(100'000)->last, 100'000u);
}

TEST(StreamTracker, RemembersTheFirstPublishersWhenMoreCome) {
  RecentPublishers publishers;
  for (std::uint64_t i = 1; i <= 100; ++i) {
    publishers.insert(i, {i, 0, 0});
    publishers.insert(i, {2 * i, 0, 0});
    ASSERT_EQ(publishers.size(), i);
    for (std::uint64_t known = 1; known <= i; ++known) {
      ASSERT_NE(publishers.find(known), nullptr) << known << " of " << i;
      ASSERT_EQ(publishers.find(known)->last, 2 * known);
    }
  }
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
/// repetition, and every number is either handed on or told to be missing; once, unless something
/// was lost without a word of the broker.
RC_GTEST_PROP(StreamTrackerProperty, EveryNumberIsDeliveredOrMissing, ()) {
  StreamTracker tracker;
  tracker.resume({stream('a'), 1});
  tracker.deliver(kNow, batch('a', 1, 1, 7, 1));
  std::uint64_t next = 2;
  std::multiset<std::uint64_t> told{1};
  const auto tell = [&](std::uint64_t first, std::uint64_t last) {
    for (auto n = first; n <= last; ++n) told.insert(n);
  };
  std::uint64_t last_handed = 1;
  bool silent = false;
  const auto steps = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 4));
  for (const int step : steps) {
    const auto count = *rc::gen::inRange<std::uint32_t>(1, 5);
    if (step == 0) {  // lost without a word
      next += count;
      silent = true;
      continue;
    }
    std::uint64_t first = next;
    if (step == 1) {  // sent again from further back
      first -= std::min<std::uint64_t>(next - 1, *rc::gen::inRange<std::uint64_t>(0, 6));
    }
    if (step == 2) {
      if (const auto gap = tracker.gap(stream_gap('a', first, first + count - 1))) {
        tell(gap->from, gap->to);
      }
    } else {
      const auto verdict = tracker.deliver(kNow, batch('a', first, count, 7, first));
      for (const Hole& hole : verdict.holes) tell(hole.first, hole.last);
      for (std::uint64_t n = first + verdict.skip; n < first + count; ++n) {
        RC_ASSERT(n > last_handed);
        last_handed = n;
        told.insert(n);
      }
    }
    next = std::max(next, first + count);
  }
  const auto final = tracker.deliver(kNow, batch('a', next, 1, 7, next));
  for (const Hole& hole : final.holes) tell(hole.first, hole.last);
  for (std::uint64_t n = 1; n < next; ++n) {
    RC_ASSERT(told.contains(n));
    RC_ASSERT(silent || told.count(n) == 1u);
  }
}

}  // namespace
}  // namespace phyllo::internal
