// Publications of sessions: the window, the way into the forest, acknowledgements.

#include "broker/core/sessions.h"
#include "tests/broker/core/sessions_fixture.h"

namespace phyllo::broker {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

class SessionsPublishTest : public SessionsTest {
 protected:
  SessionsPublishTest() {
    for (SessionId session : {1, 2, 3}) welcome(session);
  }
  /// Offers the forest what waits until it is full; e.g. "a 3" for topic a and number 3.
  Lines hand_in(int room = 1'000) {
    Lines lines;
    while (const auto* next = sessions_.next_publication()) {
      const bool fits = room-- > 0;
      if (fits)
        lines.push_back(next->topic.text() + " " + std::to_string(next->batch.publisher_first));
      sessions_.published(now_, fits ? Outcome(Done{}) : Outcome(full_), effects_);
    }
    return lines;
  }

  const Error full_{ErrorCode::kQueueFull, "full"};
};

TEST_F(SessionsPublishTest, AcknowledgesWhenTheRootHasIt) {
  publish(1, "a", 1);
  EXPECT_THAT(hand_in(), ElementsAre("a 1"));
  EXPECT_THAT(heard(), IsEmpty());
  EXPECT_EQ(sessions_.stats().unacknowledged_bytes, 9u);
  taken(1, "a", 1);
  EXPECT_THAT(heard(), ElementsAre("1: taken a 1"));
  EXPECT_EQ(sessions_.stats().unacknowledged_bytes, 0u);
  taken(1, "a", 1);
  EXPECT_THAT(heard(), IsEmpty());
}

TEST_F(SessionsPublishTest, TheBodyIsNotCopied) {
  const auto batch = make_batch(101, 1, 1, 500);
  say(1, client::Publish{"a", batch});
  EXPECT_EQ(sessions_.next_publication()->batch.body.data(), batch.body.data());
}

TEST_F(SessionsPublishTest, RefusesAMessageOverTheLimitAndGoesOn) {
  publish(1, "a", 1);
  publish(1, "a", 2, 1'001);
  publish(1, "a", 3);
  EXPECT_THAT(hand_in(), ElementsAre("a 1", "a 3"));
  taken(1, "a", 3);
  EXPECT_THAT(heard(), ElementsAre("1: taken a 1", "1: taken a 2 too_large", "1: taken a 3"));
}

TEST_F(SessionsPublishTest, RefusesABodyThatIsNotWhatItsHeaderSays) {
  auto batch = make_batch(101, 1, 2);
  batch.count = 3;
  say(1, client::Publish{"a", batch});
  EXPECT_THAT(heard(), ElementsAre("1: taken a 3 malformed"));
  EXPECT_EQ(sessions_.next_publication(), nullptr);
}

TEST_F(SessionsPublishTest, RefusesATopicThatIsNotOne) {
  publish(1, "no//topic", 1);
  EXPECT_THAT(heard(), ElementsAre("1: taken no//topic 1 invalid_argument"));
  EXPECT_EQ(sessions_.stats().unacknowledged_bytes, 0u);
}

TEST_F(SessionsPublishTest, RefusesPublisherZero) {
  say(1, client::Publish{"a", make_batch(0, 1)});
  EXPECT_THAT(heard(), ElementsAre("1: taken a 1 invalid_argument"));
}

TEST_F(SessionsPublishTest, ClosesASessionThatPublishesBeyondItsWindow) {
  for (multicast::Sequence i = 1; i <= 4; ++i) publish(1, "a", i, 990);
  EXPECT_THAT(heard(), IsEmpty());
  publish(1, "a", 5, 990);
  EXPECT_THAT(heard(), ElementsAre("1: refused limit 0", "1 closed"));
  EXPECT_EQ(sessions_.next_publication(), nullptr);
  EXPECT_EQ(sessions_.stats().unacknowledged_bytes, 0u);
}

TEST_F(SessionsPublishTest, KeepsWhatTheForestHasNoRoomForAndOffersItAgainInOrder) {
  for (multicast::Sequence i = 1; i <= 4; ++i) publish(1, "a", i);
  publish(2, "b", 1);
  EXPECT_THAT(hand_in(2), ElementsAre("a 1", "a 2"));
  EXPECT_THAT(hand_in(), IsEmpty()) << "not offered again at once";
  taken(1, "a", 1);
  EXPECT_THAT(hand_in(), ElementsAre("a 3", "a 4"));
  pass(100ms);
  EXPECT_THAT(hand_in(), ElementsAre("b 1")) << "the limit may be the broker's, so it is retried";
  EXPECT_EQ(sessions_.stats().deferred_batches, 2u);
}

TEST_F(SessionsPublishTest, TellsThePublisherWhatTheForestRefuses) {
  publish(1, "a", 1);
  sessions_.published(now_, Error{ErrorCode::kLimit, "too many topics"}, effects_);
  EXPECT_THAT(heard(), ElementsAre("1: taken a 1 limit"));
  EXPECT_EQ(sessions_.next_publication(), nullptr);
}

TEST_F(SessionsPublishTest, AcknowledgesEverySessionThatPublishesUnderTheSameId) {
  // A program that reconnected before its old connection was noticed to be dead.
  say(1, client::Publish{"a", make_batch(500, 1)});
  say(2, client::Publish{"a", make_batch(500, 1)});
  hand_in();
  sessions_.publish_taken(now_, {id("a"), 500}, 1, {}, effects_);
  EXPECT_THAT(heard(), ElementsAre("1: taken a 1", "2: taken a 1"));
}

TEST_F(SessionsPublishTest, AnAcknowledgementAfterTheSessionIsGoneIsNobodys) {
  publish(1, "a", 1);
  hand_in();
  sessions_.gone(now_, 1, effects_);
  taken(1, "a", 1);
  EXPECT_THAT(heard(), IsEmpty());
}

}  // namespace
}  // namespace phyllo::broker
