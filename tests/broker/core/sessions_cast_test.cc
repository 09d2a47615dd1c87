// Any- and manycasts: who of the programs here is asked, and what comes of it.

#include "base/batch_body.h"
#include "broker/core/sessions.h"
#include "tests/broker/core/sessions_fixture.h"

namespace phyllo::broker {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::uint64_t kPlenty = 1'000'000;

Payload one_message(std::size_t size = 5) {
  BatchBodyWriter body;
  body.append(std::string(size, 'x'));
  return body.take();
}

class SessionsCastTest : public SessionsTest {
 protected:
  SessionsCastTest() {
    for (SessionId session : {1, 2, 3}) welcome(session);
  }
  /// Subscription 1 of the session takes casts to topic a.
  void take(SessionId session, std::uint64_t credit = kPlenty) {
    say(session, client::Subscribe{1, "a", std::nullopt, credit, 0, true});
    live("a");
    effects_.clear();
  }
  void offer(std::uint64_t number, std::uint32_t wanted) {
    sessions_.offer(now_, {id("a"), number, wanted, now_ + std::chrono::seconds(1), one_message()},
                    effects_);
  }
  void answer(SessionId session, std::uint64_t offer, bool taken) {
    say(session, client::OfferAnswer{offer, 1, taken});
  }
};

TEST_F(SessionsCastTest, HandsACastToTheForestAndItsOutcomeBack) {
  say(1, client::Cast{7, "a", 3, one_message()});
  EXPECT_THAT(heard(), ElementsAre("1 casts a to 3"));
  sessions_.cast_done(now_, 1, {7, 2, true}, effects_);
  EXPECT_THAT(heard(), ElementsAre("1: cast 7 taken by 2"));
  EXPECT_EQ(sessions_.stats().casts, 1u);
}

TEST_F(SessionsCastTest, RefusesWhatNobodyCanBeGiven) {
  say(1, client::Cast{1, "a//b", 1, one_message()});
  say(1, client::Cast{2, "a", 0, one_message()});
  say(1, client::Cast{3, "a", 1001, one_message()});
  say(1, client::Cast{4, "a", 1, one_message(1'001)});
  say(1, client::Cast{5, "a", 1, Payload::from("\x01")});
  EXPECT_THAT(heard(), ElementsAre("1: refused invalid_argument 1", "1: refused invalid_argument 2",
                                   "1: refused invalid_argument 3", "1: refused too_large 4",
                                   "1: refused malformed 5"));
  EXPECT_EQ(sessions_.size(), 3u) << "their sessions go on";
}

TEST_F(SessionsCastTest, OffersOnlyToThoseThatTakeCasts) {
  subscribe_live(1, 1, "a", kPlenty);
  offer(1, 1);
  EXPECT_THAT(heard(), ElementsAre("offer 1 taken by 0"));
  take(2);
  offer(2, 5);
  EXPECT_THAT(heard(), ElementsAre("2: offer 2 to 1"));
  answer(2, 2, true);
  EXPECT_THAT(heard(), ElementsAre("offer 2 taken by 1"));
}

TEST_F(SessionsCastTest, TakesTurns) {
  for (SessionId session : {1, 2, 3}) take(session);
  Lines asked;
  for (std::uint64_t number = 1; number <= 4; ++number) {
    offer(number, 1);
    asked.push_back(heard().front());
    answer((number - 1) % 3 + 1, number, true);
    heard();
  }
  EXPECT_THAT(asked, ElementsAre("1: offer 1 to 1", "2: offer 2 to 1", "3: offer 3 to 1",
                                 "1: offer 4 to 1"));
}

TEST_F(SessionsCastTest, AsksAnotherOneForEachThatDeclinesOrGoesAway) {
  for (SessionId session : {1, 2, 3}) take(session);
  offer(1, 1);
  EXPECT_THAT(heard(), ElementsAre("1: offer 1 to 1"));
  answer(1, 1, false);
  EXPECT_THAT(heard(), ElementsAre("2: offer 1 to 1"));
  sessions_.gone(now_, 2, effects_);
  EXPECT_THAT(heard(), ElementsAre("subscribers of a: 2", "3: offer 1 to 1"));
  answer(3, 1, true);
  EXPECT_THAT(heard(), ElementsAre("offer 1 taken by 1"));
}

TEST_F(SessionsCastTest, PassesOverThoseWithoutCredit) {
  take(1, 1);
  take(2);
  offer(1, 1);
  answer(1, 1, true);
  heard();
  offer(2, 2);
  EXPECT_THAT(heard(), ElementsAre("2: offer 2 to 1")) << "the first one's credit is used up";
}

TEST_F(SessionsCastTest, SaysInTimeWhatIsKnown) {
  for (SessionId session : {1, 2}) take(session);
  offer(1, 2);
  answer(1, 1, true);
  heard();
  say(2, client::Ping{1});
  pass(std::chrono::milliseconds(1'000));
  EXPECT_THAT(heard(), testing::Contains("offer 1 taken by 1"));
  answer(2, 1, true);
  EXPECT_THAT(heard(), IsEmpty());
  EXPECT_EQ(sessions_.stats().stray_frames, 1u);
}

TEST_F(SessionsCastTest, CountsNobodyTwiceAndNobodyWhoWasNotAsked) {
  for (SessionId session : {1, 2}) take(session);
  offer(1, 2);
  answer(1, 1, true);
  answer(1, 1, true);
  answer(3, 1, true);
  heard();
  answer(2, 1, false);
  EXPECT_THAT(heard(), ElementsAre("offer 1 taken by 1"));
  EXPECT_EQ(sessions_.stats().stray_frames, 2u);
}

TEST_F(SessionsCastTest, OffersNothingToOneThatStandsStill) {
  take(1);
  take(2);
  for (int i = 0; i < 4; ++i) {
    pass(1s);
    say(2, client::Pong{1});
    say(3, client::Pong{1});
  }
  heard();
  for (const std::uint64_t number : {1, 2}) {
    offer(number, 1);
    EXPECT_EQ(heard(), Lines{"2: offer " + std::to_string(number) + " to 1"});
    answer(2, number, true);
    heard();
  }
  say(1, client::Pong{1});
  offer(3, 2);
  EXPECT_THAT(heard(), ElementsAre("1: offer 3 to 1", "2: offer 3 to 1"));
}

TEST_F(SessionsCastTest, OffersNothingToTheOnlyOneThatStandsStill) {
  take(1);
  pass(4s);
  heard();
  offer(1, 1);
  EXPECT_THAT(heard(), ElementsAre("offer 1 taken by 0"));
}

}  // namespace
}  // namespace phyllo::broker
