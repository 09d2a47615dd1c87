// Subscriptions of sessions: acknowledgement, delivery, credit, policies.

#include "broker/core/sessions.h"
#include "tests/broker/core/sessions_fixture.h"

namespace phyllo::broker {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::uint64_t kPlenty = 1'000'000;

class SessionsSubscribeTest : public SessionsTest {
 protected:
  SessionsSubscribeTest() {
    for (SessionId session : {1, 2, 3}) welcome(session);
  }
  void subscribe(SessionId session, client::SubscriptionNumber number, const std::string& topic,
                 std::uint64_t credit = kPlenty) {
    say(session, client::Subscribe{number, topic, std::nullopt, credit, 0});
  }
};

TEST_F(SessionsSubscribeTest, AcknowledgesOnlyWhenTheGraftIsLive) {
  subscribe(1, 7, "a");
  EXPECT_THAT(heard(), ElementsAre("subscribers of a: 1"));
  deliver("a", 3);
  EXPECT_THAT(heard(), IsEmpty()) << "nothing is delivered before the acknowledgement";
  live("a", 4);
  deliver("a", 4);
  EXPECT_THAT(heard(), ElementsAre("1: subscribed 7 from 4", "1: deliver 7 no. 4"));
}

TEST_F(SessionsSubscribeTest, AcknowledgesEverybodyWhoWaitsForTheSameGraft) {
  subscribe(1, 1, "a");
  subscribe(2, 1, "a");
  EXPECT_THAT(heard(), ElementsAre("subscribers of a: 1", "subscribers of a: 2"));
  live("a", 9);
  EXPECT_THAT(heard(), ElementsAre("1: subscribed 1 from 9", "2: subscribed 1 from 9"));
  live("a", 12);
  EXPECT_THAT(heard(), IsEmpty()) << "nobody is acknowledged twice";
}

TEST_F(SessionsSubscribeTest, TellsEverybodyWhoWaitsThatTheGraftWasRefused) {
  subscribe_live(1, 1, "a", kPlenty);
  subscribe(2, 5, "a");
  subscribe(3, 6, "a");
  heard();
  sessions_.subscription_refused(now_, id("a"), {ErrorCode::kLimit, "no"}, effects_);
  EXPECT_THAT(heard(), ElementsAre("2: subscribed 5 limit", "subscribers of a: 2",
                                   "3: subscribed 6 limit", "subscribers of a: 1"));
  deliver("a", 1);
  EXPECT_THAT(heard(), ElementsAre("1: deliver 1 no. 1")) << "who is served goes on";
  subscribe(2, 5, "b");
  EXPECT_THAT(heard(), ElementsAre("subscribers of b: 1")) << "the number is free again";
}

TEST_F(SessionsSubscribeTest, TheSameTopicMayBeSubscribedTwiceUnderTwoNumbers) {
  subscribe_live(1, 1, "a", kPlenty);
  subscribe_live(1, 2, "a", kPlenty);
  deliver("a", 1);
  EXPECT_THAT(heard(), ElementsAre("1: deliver 1 no. 1", "1: deliver 2 no. 1"));
  say(1, client::Unsubscribe{1});
  deliver("a", 2);
  EXPECT_THAT(heard(), ElementsAre("subscribers of a: 1", "1: deliver 2 no. 2"));
}

TEST_F(SessionsSubscribeTest, RefusesWrongWishesAndGoesOn) {
  subscribe_live(1, 1, "a", kPlenty);
  subscribe(1, 1, "b");
  EXPECT_THAT(heard(), ElementsAre("1: subscribed 1 invalid_argument"));
  subscribe(1, 0, "b");
  EXPECT_THAT(heard(), ElementsAre("1: subscribed 0 invalid_argument"));
  subscribe(1, 2, "a//b");
  EXPECT_THAT(heard(), ElementsAre("1: subscribed 2 invalid_argument"));
  say(1, client::Subscribe{3, "b", std::nullopt, 0, 2'001});
  EXPECT_THAT(heard(), ElementsAre("1: subscribed 3 too_large"));
  deliver("a", 1);
  EXPECT_THAT(heard(), ElementsAre("1: deliver 1 no. 1"));
  EXPECT_EQ(sessions_.stats().subscriptions, 1u);
}

TEST_F(SessionsSubscribeTest, LimitsSubscriptionsPerClientAndOverall) {
  for (client::SubscriptionNumber number : {1, 2, 3}) subscribe(1, number, "a");
  subscribe(1, 4, "a");
  EXPECT_THAT(heard(), Contains("1: subscribed 4 limit"));
  subscribe(2, 1, "a");
  subscribe(2, 2, "a");
  subscribe(3, 1, "a");
  EXPECT_THAT(heard(), Contains("3: subscribed 1 limit"));
  say(1, client::Unsubscribe{1});
  subscribe(3, 1, "b");
  EXPECT_THAT(heard(), Contains("subscribers of b: 1"));
}

TEST_F(SessionsSubscribeTest, CountsRequestsForSubscriptionsThatAreNoMore) {
  say(1, client::Unsubscribe{9});
  say(1, client::Credit{9, 1});
  EXPECT_THAT(heard(), IsEmpty());
  EXPECT_EQ(sessions_.stats().stray_frames, 2u);
}

TEST_F(SessionsSubscribeTest, HoldsBackWhatThereIsNoCreditFor) {
  subscribe_live(1, 1, "a", 2 * 73);  // a body of 9 bytes and 64 for the rest
  for (multicast::Sequence i = 1; i <= 4; ++i) deliver("a", i);
  EXPECT_THAT(heard(), ElementsAre("1: deliver 1 no. 1", "1: deliver 1 no. 2"));
  EXPECT_EQ(sessions_.stats().queue_bytes, 2 * 73u);
  say(1, client::Credit{1, 1});
  EXPECT_THAT(heard(), ElementsAre("1: deliver 1 no. 3"));
  say(1, client::Credit{1, 72});
  EXPECT_THAT(heard(), IsEmpty()) << "the credit was overdrawn by that much";
  say(1, client::Credit{1, 1});
  EXPECT_THAT(heard(), ElementsAre("1: deliver 1 no. 4"));
  EXPECT_EQ(sessions_.stats().queue_bytes, 0u);
}

TEST_F(SessionsSubscribeTest, ABatchBiggerThanAllCreditGetsThrough) {
  subscribe_live(1, 1, "a", 1);
  deliver("a", 1, 900);
  EXPECT_THAT(heard(), ElementsAre("1: deliver 1 no. 1"));
}

TEST_F(SessionsSubscribeTest, CreditNeverOverflows) {
  subscribe_live(1, 1, "a", ~std::uint64_t{0});
  say(1, client::Credit{1, ~std::uint64_t{0}});
  say(1, client::Credit{1, ~std::uint64_t{0}});
  deliver("a", 1);
  EXPECT_THAT(heard(), ElementsAre("1: deliver 1 no. 1"));
}

TEST_F(SessionsSubscribeTest, ASlowSubscriberGetsGapsInOrderAndSlowsNobody) {
  subscribe_live(1, 1, "a", 1);
  subscribe_live(2, 1, "a", kPlenty);
  for (multicast::Sequence i = 1; i <= 30; ++i) deliver("a", i);
  sessions_.deliver_gap(now_, id("a"), make_gap(31, 33), effects_);
  deliver("a", 34);
  Lines fast;
  for (auto& line : heard()) {
    if (line.starts_with("2:")) fast.push_back(line);
  }
  EXPECT_EQ(fast.size(), 32u);
  EXPECT_EQ(fast[30], "2: gap 1 no. 31 33");

  say(1, client::Credit{1, kPlenty});
  const auto slow = heard();
  EXPECT_EQ(slow.front(), "1: gap 1 no. 2 20");
  EXPECT_EQ(slow[1], "1: deliver 1 no. 21");
  EXPECT_EQ(slow[11], "1: gap 1 no. 31 33");
  EXPECT_EQ(slow.back(), "1: deliver 1 no. 34");
  EXPECT_EQ(sessions_.stats().slow_dropped_messages, 19u);
}

TEST_F(SessionsSubscribeTest, AFloodThatWaitsForCreditHoldsUpNoOtherTopicOfTheProgram) {
  subscribe_live(1, 1, "a", 1);
  subscribe_live(1, 2, "b", kPlenty);
  for (multicast::Sequence i = 1; i <= 100; ++i) deliver("a", i);
  EXPECT_THAT(heard(), ElementsAre("1: deliver 1 no. 1"));
  deliver("b", 1);
  EXPECT_THAT(heard(), ElementsAre("1: deliver 2 no. 1"));
  EXPECT_GT(sessions_.stats().slow_dropped_messages, 0u) << "of the flood only";
}

TEST_F(SessionsSubscribeTest, PolicyDisconnectEndsTheSessionAndNobodyElses) {
  subscribe_live(1, 1, "a", 1, SlowPolicy::kDisconnect);
  subscribe_live(2, 1, "a", kPlenty);
  for (multicast::Sequence i = 1; i <= 20; ++i) deliver("a", i);
  const auto lines = heard();
  EXPECT_THAT(lines, Contains("1: refused queue_full 0"));
  EXPECT_THAT(lines, Contains("1 closed"));
  EXPECT_THAT(lines, Contains("2: deliver 1 no. 20"));
  EXPECT_EQ(sessions_.stats().slow_disconnects, 1u);
  EXPECT_EQ(sessions_.size(), 2u);
}

TEST_F(SessionsSubscribeTest, CountsDeliveriesAndGapsByReason) {
  subscribe_live(1, 1, "a", kPlenty);
  sessions_.deliver(now_, id("a"), make_stream_batch(1, 5, 10), effects_);
  sessions_.deliver_gap(now_, id("a"), make_gap(6, 8, multicast::Gap::Why::kRootLost), effects_);
  const ClientStats stats = sessions_.stats();
  EXPECT_EQ(stats.delivered_batches, 1u);
  EXPECT_EQ(stats.delivered_messages, 5u);
  EXPECT_EQ(stats.delivered_bytes, 55u);
  EXPECT_EQ(stats.gap_messages[static_cast<std::size_t>(multicast::Gap::Why::kRootLost)], 3u);
}

}  // namespace
}  // namespace phyllo::broker
