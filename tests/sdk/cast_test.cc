// Any- and manycasts as a program asks for them and takes them.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <string>

#include "base/batch_body.h"
#include "phyllo/client.h"
#include "sdk/src/codec.h"
#include "sdk/src/connection.h"
#include "tests/sdk/fake_broker.h"
#include "tests/sdk/recorder.h"

namespace phyllo::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using Frame = v1::ClientFrame;

std::string body_of(const std::string& message) {
  BatchBodyWriter body;
  body.append(message);
  return std::string(body.take().view());
}

class Casting : public testing::Test {
 protected:
  std::uint32_t asked(std::size_t casts = 1) {
    EXPECT_TRUE(broker_.wait_for(Frame::kCast, casts));
    return broker_.arrived(Frame::kCast).back().frame.cast().request();
  }
  void done(std::uint32_t request, std::uint32_t taken, bool complete = true) {
    v1::BrokerFrame frame;
    frame.mutable_cast_done()->set_request(request);
    frame.mutable_cast_done()->set_taken(taken);
    frame.mutable_cast_done()->set_complete(complete);
    broker_.send(frame);
  }
  void offer(std::uint32_t subscription, std::uint64_t number, const std::string& message) {
    v1::BrokerFrame frame;
    frame.mutable_offer()->set_subscription(subscription);
    frame.mutable_offer()->set_offer(number);
    broker_.send(frame, body_of(message));
  }
  /// Of the latest offer.
  bool taken(std::size_t answers = 1) {
    EXPECT_TRUE(broker_.wait_for(Frame::kOfferAnswer, answers));
    return broker_.arrived(Frame::kOfferAnswer).back().frame.offer_answer().taken();
  }

  FakeBroker broker_;
  Client client_{{broker_.endpoint()}, {.reconnect = {.initial = 1ms, .maximum = 5ms}}};
};

TEST_F(Casting, BringsBackHowManyTookIt) {
  auto outcome =
      std::async(std::launch::async, [&] { return client_.manycast("jobs", 3, "resize", 10s); });
  done(asked(), 2, false);
  const auto got = outcome.get();
  ASSERT_TRUE(got.ok()) << got.status().to_string();
  EXPECT_EQ(got->taken, 2u);
  EXPECT_FALSE(got->complete);
  const auto cast = broker_.arrived(Frame::kCast).front();
  EXPECT_EQ(cast.frame.cast().topic(), "jobs");
  EXPECT_EQ(cast.frame.cast().wanted(), 3u);
  EXPECT_THAT(cast.messages(), ElementsAre("resize"));
}

TEST_F(Casting, AnycastWantsOne) {
  auto outcome =
      std::async(std::launch::async, [&] { return client_.anycast("jobs", "resize", 10s); });
  done(asked(), 1);
  EXPECT_EQ(outcome.get()->taken, 1u);
  EXPECT_EQ(broker_.arrived(Frame::kCast).front().frame.cast().wanted(), 1u);
}

TEST_F(Casting, TellsTheHandlerOnce) {
  Recorder<std::uint32_t> outcomes;
  client_.manycast_async("jobs", 2, "resize", 10s, [&](const StatusOr<CastOutcome>& outcome) {
    outcomes.add(outcome.ok() ? outcome->taken : 99);
  });
  const std::uint32_t request = asked();
  done(request, 2);
  done(request, 1);
  client_.manycast_async("jobs//", 2, "resize", 10s, [&](const StatusOr<CastOutcome>& outcome) {
    outcomes.add(outcome.ok() ? outcome->taken : 100);
  });
  EXPECT_THAT(outcomes.wait(2), testing::UnorderedElementsAre(2u, 100u));
  ASSERT_TRUE(client_.ping(10s).ok());
}

TEST_F(Casting, RefusesWhatNoBrokerWouldTake) {
  const auto code = [&](std::string_view topic, std::uint32_t wanted, std::size_t size) {
    return client_.manycast(topic, wanted, std::string(size, 'x'), 10s).status().code();
  };
  ASSERT_TRUE(client_.wait_connected(10s).ok());
  EXPECT_EQ(code("a//b", 1, 1), StatusCode::kInvalidArgument);
  EXPECT_EQ(code("a", 0, 1), StatusCode::kInvalidArgument);
  EXPECT_EQ(code("a", 1001, 1), StatusCode::kInvalidArgument);
  EXPECT_EQ(code("a", 1, (8 << 20) + 1), StatusCode::kTooLarge);
  EXPECT_TRUE(broker_.arrived(Frame::kCast).empty());
}

TEST_F(Casting, IsNotSentAgainWhenTheConnectionIsLost) {
  auto outcome =
      std::async(std::launch::async, [&] { return client_.anycast("jobs", "once", 10s); });
  asked();
  v1::BrokerFrame bye;
  bye.mutable_bye()->set_reason("test");
  broker_.send(bye);
  const auto got = outcome.get();
  EXPECT_EQ(got.status().code(), StatusCode::kUnavailable);
  EXPECT_THAT(got.status().message(), HasSubstr("may or may not have been taken"));
  ASSERT_TRUE(broker_.wait_for(Frame::kHello, 2));
  ASSERT_TRUE(client_.ping(10s).ok());
  EXPECT_EQ(broker_.arrived(Frame::kCast).size(), 1u);
}

TEST_F(Casting, EndsInTimeWithoutAnAnswer) {
  EXPECT_EQ(client_.anycast("jobs", "x", 20ms).status().code(), StatusCode::kTimeout);
}

TEST_F(Casting, ASubscriberThatTakesCastsIsGivenThemAmongItsMessages) {
  Subscription sub = client_.subscribe("jobs", {.casts = Casts::kTake});
  ASSERT_TRUE(sub.status().ok());
  EXPECT_TRUE(broker_.arrived(Frame::kSubscribe).front().frame.subscribe().takes_casts());
  broker_.deliver(1, 1, {"published"});
  offer(1, 77, "cast");
  broker_.deliver(1, 2, {"published next"});
  EXPECT_TRUE(taken());
  EXPECT_EQ(broker_.arrived(Frame::kOfferAnswer).front().frame.offer_answer().offer(), 77u);
  EXPECT_FALSE(sub.next(10s)->is_cast());
  const auto cast = sub.next(10s);
  EXPECT_TRUE(cast->is_cast());
  EXPECT_EQ(cast->payload(), "cast");
  EXPECT_EQ(cast->topic(), "jobs");
  EXPECT_EQ(sub.next(10s)->payload(), "published next");
  EXPECT_EQ(sub.stats().gaps, 0u);
}

TEST_F(Casting, WhoNeverAskedForCastsOrIsGoneDeclines) {
  Subscription sub = client_.subscribe("jobs");
  ASSERT_TRUE(sub.status().ok());
  EXPECT_FALSE(broker_.arrived(Frame::kSubscribe).front().frame.subscribe().takes_casts());
  offer(1, 1, "cast");
  EXPECT_FALSE(taken());
  offer(99, 2, "cast");
  EXPECT_FALSE(taken(2));
  EXPECT_FALSE(sub.next(0ms).has_value());
}

TEST(CastConnection, AProgramThatLeavesAtOnceStillSaysThatItHasTheMessage) {
  internal::Connection connection;
  connection.open({}, "tcp://here:1", "name");
  connection.answer({"taken", {}});
  connection.say_bye();
  EXPECT_EQ(connection.next_control()->header, "taken");
  EXPECT_EQ(connection.next_control()->header, internal::encode_bye());
  EXPECT_FALSE(connection.next_control().has_value());
}

TEST_F(Casting, CreditComesBackForCasts) {
  Subscription sub = client_.subscribe("jobs", {.credit_bytes = 4096, .casts = Casts::kTake});
  ASSERT_TRUE(sub.status().ok());
  for (std::uint64_t number = 1; number <= 4; ++number) {
    offer(1, number, std::string(1000, 'x'));
    ASSERT_TRUE(taken(number));
    ASSERT_TRUE(sub.next(10s).has_value());
  }
  EXPECT_TRUE(broker_.wait_for(Frame::kCredit));
}

}  // namespace
}  // namespace phyllo::test
