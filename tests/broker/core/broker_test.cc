// One broker alone, between its drivers: what goes in, what comes out.

#include "broker/core/broker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "broker/core/client_codec.h"
#include "tests/broker/core/batches.h"
#include "tests/support/sealed.h"

namespace phyllo::broker {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

overlay::Contact contact(std::uint64_t number) {
  const auto endpoint =
      *overlay::Endpoint::parse("tcp://10.0.0." + std::to_string(number) + ":7400");
  return {overlay::NodeId(overlay::Uint128{number} << 120), 0, {"r", endpoint, endpoint}};
}

class BrokerTest : public testing::Test {
 protected:
  static BrokerConfig config() {
    BrokerConfig config;
    config.clients.heartbeat = config.clients.silence =
        1h;  // programs that say nothing are not what is tested here
    return config;
  }
  void SetUp() override {
    broker_.start(now_, {}, effects_);
    ASSERT_TRUE(broker_.node().active()) << "alone, it founds a ring";
    effects_.clear();
  }
  void pass(Duration duration) {
    const Time end = now_ + duration;
    while (broker_.next_tick() <= end) {
      now_ = std::max(now_, broker_.next_tick());
      broker_.tick(now_, effects_);
    }
    now_ = end;
  }
  void say(SessionId session, const client::ClientFrame& frame) {
    broker_.client_message(now_, session, client::encode_client_frame(frame), effects_);
    broker_.flush(now_, effects_);
  }
  void welcome(SessionId session) {
    broker_.client_connected(now_, session, effects_);
    say(session, client::Hello{client::kVersion, client::kVersion, ""});
    effects_.clear();
  }
  /// The frames told to a session since the last call, by their place in BrokerFrame, and -1 for
  /// the end of its connection. Everything else is forgotten.
  std::vector<int> told(SessionId session) {
    std::vector<int> kinds;
    for (const auto& effect : std::exchange(effects_, {})) {
      if (const auto* tell = std::get_if<ToClient>(&effect); tell && tell->session == session) {
        kinds.push_back(static_cast<int>(client::decode_broker_frame(tell->wire)->index()));
      }
      const auto* close = std::get_if<CloseClient>(&effect);
      if (close != nullptr && close->session == session) kinds.push_back(kClosed);
    }
    return kinds;
  }
  template <class Frame>
  static int kind(Frame frame) {
    return static_cast<int>(client::BrokerFrame(std::move(frame)).index());
  }
  template <class Kind>
  std::size_t count() const {
    return static_cast<std::size_t>(std::ranges::count_if(
        effects_, [](const Effect& effect) { return std::holds_alternative<Kind>(effect); }));
  }

  static constexpr int kClosed = -1;
  static constexpr int kAnswer = 8;  // an Answer cannot be made without a contact or a topic
  Time now_{1s};
  Effects effects_;
  Broker broker_{config(), contact(1), 1};
};

TEST_F(BrokerTest, CarriesAMessageFromOneProgramToAnother) {
  welcome(1);
  welcome(2);
  say(1, client::Subscribe{1, "a", std::nullopt, 10'000, 0});
  EXPECT_THAT(told(1), ElementsAre(kind(client::SubscribeAck{})));
  pass(2s);  // a root that has just begun waits for the rest of its tree
  effects_.clear();
  const auto batch = make_batch(7, 1, 3);
  say(2, client::Publish{"a", batch});
  const Effects all = effects_;
  EXPECT_THAT(told(1), ElementsAre(kind(client::Deliver{})));
  effects_ = all;
  EXPECT_THAT(told(2), ElementsAre(kind(client::PublishAck{})));
  for (const auto& effect : all) {
    const auto* tell = std::get_if<ToClient>(&effect);
    if (tell == nullptr || tell->session != 1) continue;
    EXPECT_EQ(tell->wire.body.data(), batch.body.data()) << "the body was never copied";
  }
}

TEST_F(BrokerTest, CountsPeersMessagesThatAreAlteredOrDoNotDecode) {
  broker_.peer_message(now_, contact(2), {"\xff\xff", Payload()}, effects_);
  broker_.peer_message(now_, contact(2), {phyllo::test::sealed("\xff\xff"), Payload()}, effects_);
  EXPECT_THAT(effects_, IsEmpty());
  EXPECT_EQ(broker_.stats().altered_peer_messages, 1u);
  EXPECT_EQ(broker_.stats().malformed_peer_messages, 1u);
}

TEST_F(BrokerTest, DrainingGivesProgramsTimeToMoveAndThenStops) {
  welcome(1);
  broker_.drain(now_, effects_);
  EXPECT_THAT(told(1), ElementsAre(kind(client::Drain{})));
  say(1, client::Ping{5});
  EXPECT_THAT(told(1), ElementsAre(kind(client::Pong{}))) << "who is here is served";
  pass(1400ms);
  EXPECT_EQ(count<Stopped>(), 0u);
  effects_.clear();
  pass(200ms);
  EXPECT_EQ(count<Stopped>(), 1u) << "the trees need no time when there are none";
  EXPECT_THAT(told(1), ElementsAre(kind(client::BrokerBye{}), kClosed));
  EXPECT_EQ(broker_.node().state(), overlay::StateChanged::State::kLeft);
}

TEST_F(BrokerTest, DrainingEndsAsSoonAsEverybodyHasMoved) {
  welcome(1);
  broker_.drain(now_, effects_);
  broker_.client_gone(now_, 1, effects_);
  pass(200ms);
  EXPECT_EQ(count<Stopped>(), 1u);
}

TEST_F(BrokerTest, DrainingServesProgramsAsBeforeUntilTheyHaveMoved) {
  welcome(1);
  welcome(2);
  say(1, client::Subscribe{5, "a", {}, 1 << 20, 0});
  pass(2s);
  broker_.drain(now_, effects_);
  effects_.clear();
  say(2, client::Publish{"a", make_batch(7, 1, 3)});
  EXPECT_THAT(told(1), ElementsAre(kind(client::Deliver{})));
  say(2, client::Subscribe{1, "b", {}, 1 << 20, 0});
  EXPECT_THAT(told(2), ::testing::Contains(kind(client::SubscribeAck{})));
}

TEST_F(BrokerTest, NothingHappensAfterTheEnd) {
  welcome(1);
  broker_.drain(now_, effects_);
  pass(3s);
  effects_.clear();
  EXPECT_EQ(broker_.next_tick(), kNever);
  broker_.drain(now_, effects_);
  broker_.tick(now_, effects_);
  broker_.flush(now_, effects_);
  broker_.peer_disconnected(now_, contact(2).id(), effects_);
  EXPECT_THAT(effects_, IsEmpty());
  broker_.client_connected(now_, 2, effects_);
  EXPECT_THAT(told(2), ElementsAre(kind(client::Refused{}), kClosed));
}

TEST_F(BrokerTest, LimitsTheQuestionsUnderWayPerSession) {
  welcome(1);
  for (std::uint32_t i = 1; i <= 100; ++i) {
    say(1, client::Query{i, client::TreeQuery{"topic/" + std::to_string(i)}});
  }
  pass(5s);
  const auto kinds = told(1);
  const auto answers = std::ranges::count(kinds, kAnswer);
  EXPECT_EQ(answers + std::ranges::count(kinds, kind(client::Refused{})), 100)
      << "each question has an answer or a refusal";
}

}  // namespace
}  // namespace phyllo::broker
