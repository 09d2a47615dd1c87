// The registry: hello, limits, heartbeats, the end.

#include "broker/core/sessions.h"

#include "tests/broker/core/sessions_fixture.h"

namespace phyllo::broker {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

std::uint64_t refusals(const ClientStats& stats, ErrorCode code) {
  return stats.refused[static_cast<std::size_t>(code)];
}

TEST_F(SessionsTest, WelcomesAProgramThatSpeaksItsVersion) {
  sessions_.connected(now_, 1, effects_);
  EXPECT_THAT(heard(), IsEmpty());
  say(1, client::Hello{1, 7, "test"});
  ASSERT_EQ(effects_.size(), 1u);
  const auto welcome = std::get<client::Welcome>(std::get<Tell>(effects_[0]).frame);
  EXPECT_EQ(welcome.cluster, "test");
  EXPECT_EQ(welcome.node, overlay::NodeId(9));
  EXPECT_EQ(welcome.region, "north");
  EXPECT_EQ(welcome.max_message_bytes, 1'000u);
  EXPECT_EQ(welcome.publish_window_bytes, 4'000u);
  EXPECT_EQ(welcome.heartbeat_ms, 1'000u);
  EXPECT_EQ(welcome.session, 1u);
  EXPECT_EQ(welcome.answers_ms, 2'500u);
}

TEST_F(SessionsTest, RefusesAVersionItDoesNotSpeak) {
  sessions_.connected(now_, 1, effects_);
  say(1, client::Hello{client::kVersion + 1, 9, "from the future"});
  EXPECT_THAT(heard(), ElementsAre("1: refused refused 0", "1 closed"));
  EXPECT_EQ(sessions_.size(), 0u);
}

TEST_F(SessionsTest, RefusesEverythingBeforeTheHello) {
  const std::vector<client::ClientFrame> frames = {client::Publish{"a", make_batch(1, 1)},
                                                   client::Subscribe{1, "a", {}, 1, 0},
                                                   client::Unsubscribe{1},
                                                   client::Credit{1, 1},
                                                   client::Ping{1},
                                                   client::Pong{1},
                                                   client::Query{1, client::PeersQuery{}},
                                                   client::ClientBye{}};
  SessionId session = 0;
  for (const auto& frame : frames) {
    sessions_.connected(now_, ++session, effects_);
    say(session, frame);
    const std::string who = std::to_string(session);
    EXPECT_THAT(heard(), ElementsAre(who + ": refused refused 0", who + " closed"));
  }
}

TEST_F(SessionsTest, ClosesASessionThatSaysHelloTwice) {
  welcome(1);
  say(1, client::Hello{client::kVersion, client::kVersion, ""});
  EXPECT_THAT(heard(), ElementsAre("1: refused refused 0", "1 closed"));
}

TEST_F(SessionsTest, ClosesASessionThatSendsGarbageAndCountsIt) {
  welcome(1);
  welcome(2);
  sessions_.message(now_, 1, {"\xff\xff\xff", Payload()}, effects_);
  EXPECT_THAT(heard(), ElementsAre("1: refused malformed 0", "1 closed"));
  EXPECT_EQ(sessions_.stats().malformed_frames, 1u);
  EXPECT_EQ(sessions_.size(), 1u) << "the other one goes on";
}

TEST_F(SessionsTest, ClosesASessionWhoseFrameWasAlteredAndCountsIt) {
  welcome(1);
  auto wire = client::encode_client_frame(client::Ping{77});
  wire.header[2] ^= 4;
  sessions_.message(now_, 1, wire, effects_);
  EXPECT_THAT(heard(), ElementsAre("1: refused altered 0", "1 closed"));
  EXPECT_EQ(sessions_.stats().altered_frames, 1u);
  EXPECT_EQ(sessions_.stats().malformed_frames, 0u);
}

TEST_F(SessionsTest, RefusesMoreClientsThanTheLimit) {
  for (SessionId session : {1, 2, 3}) welcome(session);
  sessions_.connected(now_, 4, effects_);
  EXPECT_THAT(heard(), ElementsAre("4: refused limit 0", "4 closed"));
  EXPECT_EQ(refusals(sessions_.stats(), ErrorCode::kLimit), 1u);
  say(4, client::Hello{client::kVersion, client::kVersion, ""});
  EXPECT_THAT(heard(), IsEmpty()) << "what still comes from it is ignored";
  sessions_.gone(now_, 1, effects_);
  welcome(5);
  EXPECT_EQ(sessions_.size(), 3u);
}

TEST_F(SessionsTest, AnswersPings) {
  welcome(1);
  say(1, client::Ping{77});
  EXPECT_THAT(heard(), ElementsAre("1: pong 77"));
}

TEST_F(SessionsTest, SaysSomethingInEachHeartbeatAndOnlyWhenNothingElseWasSaid) {
  welcome(1);
  pass(10s);  // it never answers, so this ends after five
  const auto lines = heard();
  EXPECT_EQ(std::count(lines.begin(), lines.end(), "1: ping"), 6);

  welcome(2);
  for (int i = 0; i < 20; ++i) {
    say(2, client::Ping{1});
    pass(500ms);
  }
  EXPECT_THAT(heard(), Not(Contains("2: ping")));
}

TEST_F(SessionsTest, ClosesASessionThatIsSilentForLong) {
  welcome(1);
  welcome(2);
  const auto pass_as_two_answers = [&](int seconds) {
    for (int i = 0; i < 2 * seconds; ++i) {
      pass(500ms);
      say(2, client::Pong{1});
    }
    return heard();
  };
  EXPECT_THAT(pass_as_two_answers(5), Not(Contains("1 closed"))) << "it may stand still";
  const auto lines = pass_as_two_answers(1);
  EXPECT_THAT(lines, Contains("1: refused timeout 0"));
  EXPECT_THAT(lines, Contains("1 closed"));
  EXPECT_EQ(sessions_.size(), 1u);
  EXPECT_EQ(sessions_.stats().silent_closed, 1u);
}

TEST_F(SessionsTest, WaitsThreeHeartbeatsForAHello) {
  sessions_.connected(now_, 1, effects_);
  pass(3s);
  EXPECT_THAT(heard(), Not(Contains("1 closed")));
  pass(1s);
  EXPECT_THAT(heard(), Contains("1 closed"));
  EXPECT_EQ(sessions_.stats().silent_closed, 1u);
}

TEST_F(SessionsTest, AsksForNoTickWithoutSessions) {
  EXPECT_EQ(sessions_.next_tick(), kNever);
  welcome(1);
  sessions_.gone(now_, 1, effects_);
  pass(1s);
  EXPECT_EQ(sessions_.next_tick(), kNever);
}

TEST_F(SessionsTest, EndsASessionThatSaysGoodbye) {
  welcome(1);
  subscribe_live(1, 1, "a", 100);
  say(1, client::ClientBye{});
  EXPECT_THAT(heard(), ElementsAre("1 closed", "subscribers of a: 0"));
  EXPECT_EQ(sessions_.size(), 0u);
}

TEST_F(SessionsTest, ASessionThatIsGoneLeavesNothingBehind) {
  welcome(1);
  subscribe_live(1, 1, "a", 1);
  deliver("a", 1);
  deliver("a", 2);
  publish(1, "b", 1);
  sessions_.gone(now_, 1, effects_);
  const ClientStats stats = sessions_.stats();
  EXPECT_EQ(stats.clients + stats.subscriptions + stats.subscribed_topics, 0u);
  EXPECT_EQ(stats.queue_bytes + stats.unacknowledged_bytes + stats.waiting_batches, 0u);
  EXPECT_EQ(sessions_.next_publication(), nullptr);
}

TEST_F(SessionsTest, PassesQuestionsOnAndTheirAnswersBack) {
  welcome(1);
  say(1, client::Query{5, client::TreeQuery{"a"}});
  EXPECT_THAT(heard(), ElementsAre("1 asks"));
  sessions_.answer(now_, 1, {5, client::TreeAnswer{"a", id("a"), {}, true}}, effects_);
  sessions_.refuse(now_, 1, 6, {ErrorCode::kLimit, "too many"}, effects_);
  sessions_.answer(now_, 2, {5, client::TreeAnswer{"a", id("a"), {}, true}}, effects_);
  EXPECT_THAT(heard(), ElementsAre("1: answer 5", "1: refused limit 6"));
}

TEST_F(SessionsTest, DrainingAsksEverybodyToMoveAndTakesNobodyNew) {
  welcome(1);
  sessions_.drain(now_, "stopping", effects_);
  EXPECT_THAT(heard(), ElementsAre("1: drain"));
  sessions_.connected(now_, 2, effects_);
  EXPECT_THAT(heard(), ElementsAre("2: refused unavailable 0", "2 closed"));
  say(1, client::Ping{3});
  EXPECT_THAT(heard(), ElementsAre("1: pong 3")) << "who is here is served";
  sessions_.close_all(now_, "stopping", effects_);
  EXPECT_THAT(heard(), ElementsAre("1: bye", "1 closed"));
}

}  // namespace
}  // namespace phyllo::broker
