#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <string>
#include <thread>
#include <vector>

#include "phyllo/client.h"
#include "tests/sdk/fake_broker.h"
#include "tests/sdk/recorder.h"

namespace phyllo::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using Frame = v1::ClientFrame;

v1::BrokerFrame gap_frame(std::uint32_t subscription, const v1::StreamRef& stream,
                          std::uint64_t first, std::uint64_t last) {
  v1::BrokerFrame frame;
  auto* gap = frame.mutable_gap();
  gap->set_subscription(subscription);
  *gap->mutable_stream() = stream;
  gap->set_first(first);
  gap->set_last(last);
  gap->set_where(std::string(16, '\xab'));
  gap->set_region("us");
  gap->set_why("queue_limit");
  return frame;
}

TEST(Subscribe, TakesTwoStatementsAndALambda) {
  FakeBroker broker;
  Texts seen;
  Client client({broker.endpoint()});
  auto sub = client.subscribe("sensors/temp",
                              [&](const Message& m) { seen.add(std::string(m.payload())); });
  ASSERT_TRUE(sub) << sub.status().to_string();
  broker.deliver(1, 1, {"21.5", "21.6"});
  EXPECT_THAT(seen.wait(2), ElementsAre("21.5", "21.6"));
}

TEST(Subscribe, CompletesOnlyWhenTheBrokerSaysItIsLive) {
  FakeBroker::Script script;
  script.acknowledges_subscribe = false;
  FakeBroker broker(script);
  Client client({broker.endpoint()});
  std::promise<Status> done;
  auto sub = client.subscribe_async(
      "t", [](const Message&) {}, [&](const Status& status) { done.set_value(status); });
  ASSERT_TRUE(broker.wait_for(Frame::kSubscribe));
  EXPECT_EQ(sub.status().code(), StatusCode::kUnavailable);
  auto result = done.get_future();
  EXPECT_EQ(result.wait_for(0s), std::future_status::timeout);
  v1::BrokerFrame ack;
  ack.mutable_subscribe_ack()->set_subscription(1);
  *ack.mutable_subscribe_ack()->mutable_stream() = broker.stream();
  ack.mutable_subscribe_ack()->set_next(5);
  broker.send(ack);
  EXPECT_TRUE(result.get().ok());
  EXPECT_TRUE(sub.wait_live().ok());
  EXPECT_TRUE(sub.status().ok());
}

TEST(Subscribe, AsksForWhatTheOptionsSay) {
  FakeBroker broker;
  Client client({broker.endpoint()});
  auto sub = client.subscribe(
      "t", {.policy = SlowPolicy::kConflate, .queue_bytes = 77'000, .credit_bytes = 50'000});
  const auto asked = broker.arrived(Frame::kSubscribe);
  ASSERT_EQ(asked.size(), 1u);
  EXPECT_EQ(asked[0].frame.subscribe().topic(), "t");
  EXPECT_EQ(asked[0].frame.subscribe().policy(), v1::SLOW_POLICY_CONFLATE);
  EXPECT_EQ(asked[0].frame.subscribe().queue_bytes(), 77'000u);
  EXPECT_EQ(asked[0].frame.subscribe().credit_bytes(), 50'000u);
}

TEST(Subscribe, ReturnsWhyTheBrokerRefuses) {
  FakeBroker::Script script;
  script.acknowledges_subscribe = false;
  FakeBroker broker(script);
  Client client({broker.endpoint()});
  auto sub = client.subscribe_async("t", nullptr, nullptr);
  ASSERT_TRUE(broker.wait_for(Frame::kSubscribe));
  v1::BrokerFrame ack;
  ack.mutable_subscribe_ack()->set_subscription(1);
  ack.mutable_subscribe_ack()->set_error_code("limit");
  ack.mutable_subscribe_ack()->set_error_message("100 subscriptions are enough");
  broker.send(ack);
  EXPECT_EQ(sub.wait_live().code(), StatusCode::kLimit);
  EXPECT_EQ(sub.status().message(), "100 subscriptions are enough");
  EXPECT_FALSE(sub);
  EXPECT_FALSE(sub.next(0ms).has_value());
}

TEST(Subscribe, AsksAgainWhenTheBrokerCannotYet) {
  FakeBroker::Script script;
  script.acknowledges_subscribe = false;
  FakeBroker broker(script);
  Client client({broker.endpoint()});
  auto sub = client.subscribe_async("t", nullptr, nullptr);
  ASSERT_TRUE(broker.wait_for(Frame::kSubscribe));
  broker.change([](FakeBroker::Script& current) { current.acknowledges_subscribe = true; });
  v1::BrokerFrame ack;
  ack.mutable_subscribe_ack()->set_subscription(1);
  ack.mutable_subscribe_ack()->set_error_code("unavailable");
  ack.mutable_subscribe_ack()->set_error_message("not active yet");
  broker.send(ack);
  EXPECT_TRUE(sub.wait_live().ok());
}

TEST(Subscribe, TimesOutWithTheReasonWhenNoBrokerIsThere) {
  Client client({"tcp://127.0.0.1:1"}, {.close_timeout = 0ms});
  auto sub = client.subscribe("t", {.timeout = 100ms});
  EXPECT_EQ(sub.status().code(), StatusCode::kTimeout);
  EXPECT_THAT(sub.status().message(), HasSubstr("tcp://127.0.0.1:1"));
}

TEST(Subscribe, TimesOutWhenTheBrokerIsSilentAndWithdraws) {
  FakeBroker::Script script;
  script.acknowledges_subscribe = false;
  FakeBroker broker(script);
  Client client({broker.endpoint()});
  ASSERT_TRUE(client.wait_connected(10s).ok());
  auto sub = client.subscribe("t", {.timeout = 50ms});
  EXPECT_EQ(sub.status().code(), StatusCode::kTimeout);
  EXPECT_TRUE(broker.wait_for(Frame::kUnsubscribe));
}

TEST(Subscribe, RefusesInvalidTopics) {
  FakeBroker broker;
  Client client({broker.endpoint()});
  auto sub = client.subscribe("a/#", [](const Message&) {});
  EXPECT_EQ(sub.status().code(), StatusCode::kInvalidArgument);
  std::promise<Status> done;
  auto other =
      client.subscribe_async("", nullptr, [&](const Status& status) { done.set_value(status); });
  EXPECT_EQ(done.get_future().get().code(), StatusCode::kInvalidArgument);
}

TEST(Subscribe, PullsMessagesWithEverythingTheyCarry) {
  FakeBroker broker;
  Client client({broker.endpoint()});
  auto sub = client.subscribe("t");
  broker.deliver(1, 1, {"one"}, 9, 4);
  broker.deliver(1, 2, {"two", "three"}, 8, 1);
  auto one = sub.next(10s);
  ASSERT_TRUE(one.has_value());
  EXPECT_EQ(one->topic(), "t");
  EXPECT_EQ(one->payload(), "one");
  EXPECT_EQ(one->bytes().size(), 3u);
  EXPECT_EQ(one->stream_sequence(), 1u);
  EXPECT_EQ(one->publisher(), 9u);
  EXPECT_EQ(one->publisher_sequence(), 4u);
  EXPECT_EQ(to_string(one->stream()), "72727272727272727272727272727272/1/1");
  EXPECT_EQ(sub.next(10s)->payload(), "two");
  const auto three = sub.next(10s);
  EXPECT_EQ(three->payload(), "three");
  EXPECT_EQ(three->stream_sequence(), 3u);
  EXPECT_EQ(three->publisher_sequence(), 2u);
  EXPECT_FALSE(sub.next(10ms).has_value());
  EXPECT_TRUE(sub.status().ok()) << "only the time was over";
  EXPECT_EQ(sub.stats().messages, 3u);
  EXPECT_EQ(sub.stats().bytes, 11u);
  EXPECT_EQ(sub.stats().waiting, 0u);
}

TEST(Subscribe, ReportsGapsInOrderWithTheMessages) {
  FakeBroker broker;
  Client client({broker.endpoint()});
  Texts seen;
  Recorder<Gap> gaps;
  auto sub = client.subscribe(
      "t", [&](const Message& m) { seen.add(std::string(m.payload())); },
      {.on_gap = [&](const Gap& gap) {
        gaps.add(gap);
        seen.add("gap " + std::to_string(gap.from) + "-" + std::to_string(gap.to) + " " + gap.why);
      }});
  broker.deliver(1, 1, {"a"});
  broker.send(gap_frame(1, broker.stream(), 2, 4));
  broker.deliver(1, 5, {"b"});
  broker.deliver(1, 8, {"c"});
  EXPECT_THAT(seen.wait(5), ElementsAre("a", "gap 2-4 queue_limit", "b", "gap 6-7 missed", "c"));
  const Gap gap = gaps.wait(1).front();
  EXPECT_EQ(gap.topic, "t");
  EXPECT_EQ(gap.scope, Gap::Scope::kStream);
  EXPECT_EQ(gap.count(), 3u);
  EXPECT_EQ(gap.where, "abababababababababababababababab");
  EXPECT_EQ(gap.region, "us");
  EXPECT_EQ(gaps.wait(2)[1].where, "") << "this client noticed";
  EXPECT_EQ(sub.stats().gaps, 2u);
  EXPECT_EQ(sub.stats().missed, 5u);
}

TEST(Subscribe, PullStyleReportsGapsInsideNext) {
  FakeBroker broker;
  Client client({broker.endpoint()});
  std::vector<std::string> seen;
  auto sub = client.subscribe("t", {.on_gap = [&](const Gap&) { seen.push_back("gap"); }});
  broker.deliver(1, 1, {"a"});
  broker.deliver(1, 3, {"b"});
  for (int i = 0; i < 2; ++i) seen.emplace_back(sub.next(10s)->payload());
  EXPECT_THAT(seen, ElementsAre("a", "gap", "b"));
}

TEST(Subscribe, AFreshSubscriptionInTheMiddleOfAStreamHasNoGap) {
  FakeBroker::Script script;
  script.stream_next = 1000;
  FakeBroker broker(script);
  Client client({broker.endpoint()});
  auto sub = client.subscribe("t");
  broker.deliver(1, 1000, {"a"}, 7, 500);
  EXPECT_EQ(sub.next(10s)->payload(), "a");
  EXPECT_EQ(sub.stats().gaps, 0u);
}

TEST(Subscribe, DropsDuplicates) {
  FakeBroker broker;
  Client client({broker.endpoint()});
  auto sub = client.subscribe("t");
  broker.deliver(1, 1, {"a", "b"});
  broker.deliver(1, 1, {"a", "b"});
  broker.deliver(1, 2, {"b", "c"});
  std::string seen;
  for (int i = 0; i < 3; ++i) seen += sub.next(10s)->payload();
  EXPECT_EQ(seen, "abc");
  EXPECT_FALSE(sub.next(0ms).has_value());
  EXPECT_EQ(sub.stats().duplicates, 3u);
  EXPECT_EQ(sub.stats().gaps, 0u);
}

TEST(Subscribe, GrantsCreditOnlyForWhatTheProgramHandled) {
  FakeBroker broker;
  Client client({broker.endpoint()});
  auto sub = client.subscribe("t", {.credit_bytes = 4096});
  const std::string message(998, 'x');  // with its length and the overhead 1064
  for (std::uint64_t i = 1; i <= 3; ++i) broker.deliver(1, i, {message});
  ASSERT_TRUE(sub.next(10s).has_value());
  ASSERT_TRUE(client.ping(10s).ok());
  ASSERT_TRUE(broker.wait_for(Frame::kCredit));
  ASSERT_TRUE(sub.next(10s).has_value());
  ASSERT_TRUE(broker.wait_for(Frame::kCredit, 2));
  std::uint64_t granted = 0;
  for (const auto& one : broker.arrived(Frame::kCredit)) granted += one.frame.credit().bytes();
  EXPECT_EQ(granted, 2 * 1064u);
  EXPECT_EQ(sub.stats().waiting, 1064u);
}

TEST(Subscribe, EndsWithTheObject) {
  FakeBroker broker;
  Client client({broker.endpoint()});
  Texts seen;
  {
    auto sub = client.subscribe("t", [&](const Message&) { seen.add("x"); });
    EXPECT_TRUE(sub);
  }
  EXPECT_TRUE(broker.wait_for(Frame::kUnsubscribe));
  broker.deliver(1, 1, {"late"});
  ASSERT_TRUE(client.ping(10s).ok());
  EXPECT_TRUE(seen.values().empty());
  EXPECT_EQ(client.stats().malformed_frames, 0u) << "late frames are no offence";
}

TEST(Subscribe, MovesAndUnsubscribesOnce) {
  FakeBroker broker;
  Client client({broker.endpoint()});
  auto a = client.subscribe("a");
  auto b = client.subscribe("b");
  a = std::move(b);
  EXPECT_TRUE(broker.wait_for(Frame::kUnsubscribe, 1));
  EXPECT_EQ(a.topic(), "b");
  EXPECT_EQ(b.status().code(), StatusCode::kClosed);  // NOLINT: moved from, on purpose
  b.unsubscribe();
  a.unsubscribe();
  a.unsubscribe();
  EXPECT_EQ(a.status().code(), StatusCode::kClosed);
  ASSERT_TRUE(client.ping(10s).ok());
  EXPECT_EQ(broker.arrived(Frame::kUnsubscribe).size(), 2u);
}

TEST(Subscribe, UnsubscribeWakesAPull) {
  FakeBroker broker;
  Client client({broker.endpoint()});
  auto sub = client.subscribe("t");
  auto pulled = std::async(std::launch::async, [&] { return sub.next(1h).has_value(); });
  sub.unsubscribe();
  EXPECT_FALSE(pulled.get());
}

TEST(Subscribe, KeepsMessagesReceivedBeforeTheClientClosed) {
  FakeBroker broker;
  Subscription sub;
  std::optional<Message> kept;
  {
    Client client({broker.endpoint()});
    sub = client.subscribe("t");
    broker.deliver(1, 1, {"a", "b"});
    kept = sub.next(10s);
  }
  EXPECT_EQ(kept->payload(), "a") << "a message outlives everything";
  EXPECT_EQ(sub.next(0ms)->payload(), "b");
  EXPECT_FALSE(sub.next(1h).has_value());
  EXPECT_EQ(sub.status().code(), StatusCode::kClosed);
}

}  // namespace
}  // namespace phyllo::test
