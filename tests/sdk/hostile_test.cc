#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "base/envelope.h"
#include "phyllo/client.h"
#include "sdk/src/frames.h"
#include "tests/sdk/fake_broker.h"
#include "tests/sdk/recorder.h"
#include "tests/support/sealed.h"

namespace phyllo::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using Frame = v1::ClientFrame;

constexpr ReconnectPolicy kFast{.initial = 1ms, .maximum = 5ms, .jitter = 0.5};

class HostileBroker : public testing::Test {
 protected:
  v1::BrokerFrame deliver_frame(std::uint64_t first, std::uint32_t count) {
    v1::BrokerFrame frame;
    auto* deliver = frame.mutable_deliver();
    deliver->set_subscription(1);
    *deliver->mutable_stream() = broker_.stream();
    deliver->set_first(first);
    deliver->set_count(count);
    deliver->set_publisher(7);
    deliver->set_publisher_first(1);
    return frame;
  }

  /// What was sent before was counted so often, and the client still works.
  void expect_malformed(std::uint64_t count) {
    ASSERT_TRUE(client_.ping(10s).ok());
    EXPECT_EQ(client_.stats().malformed_frames, count);
  }

  FakeBroker broker_;
  Client client_{{broker_.endpoint()}, {.reconnect = kFast}};
  Subscription sub_ = client_.subscribe("t");
};

TEST_F(HostileBroker, GarbageIsCountedAndIgnored) {
  broker_.send_frames({""});
  broker_.send_frames({"garbage"});
  broker_.send_frames({std::string(100'000, '\xff')});
  broker_.send_frames({"\x08\x01"});
  broker_.send_frames({"a", "b", "c", "d"});
  expect_malformed(5);
}

TEST_F(HostileBroker, AlteredFrameEndsItsConnectionAndAnotherMakesUpForIt) {
  const std::size_t hellos = broker_.arrived(Frame::kHello).size();
  const std::string header =
      phyllo::test::sealed(deliver_frame(1, 1).SerializeAsString(), Payload::from("\x01x"));
  broker_.send_frames({header, "\x01y"});
  ASSERT_TRUE(broker_.wait_for(Frame::kHello, hellos + 1));
  ASSERT_TRUE(broker_.wait_for(Frame::kSubscribe, 2));
  EXPECT_TRUE(client_.ping(10s).ok());
  EXPECT_EQ(client_.stats().altered_frames, 1u);
  EXPECT_EQ(client_.stats().malformed_frames, 0u);
  broker_.deliver(1, 1, {"x"});
  EXPECT_TRUE(sub_.next(10s).has_value());
}

TEST_F(HostileBroker, MessagesOfAnEnvelopeAreReadInOrderAndOneThatIsNoneOfThemIsCounted) {
  EnvelopeWriter envelope;
  for (std::uint64_t number = 1; number <= 3; ++number) {
    const std::string body = "\x01" + std::to_string(number);
    v1::BrokerFrame frame = deliver_frame(number, 1);
    frame.mutable_deliver()->set_publisher_first(number);
    envelope.add(phyllo::test::sealed(frame.SerializeAsString(), Payload::copy_of(body)), body);
    envelope.add("no frame", "");
  }
  broker_.send_frames({envelope.take()});
  for (const char* message : {"1", "2", "3"}) {
    const auto next = sub_.next(10s);
    ASSERT_TRUE(next.has_value());
    EXPECT_EQ(next->payload(), message);
  }
  expect_malformed(3);
}

TEST_F(HostileBroker, AlteredEnvelopeEndsItsConnectionAndNothingOfItIsRead) {
  EnvelopeWriter envelope;
  for (int i = 0; i < 2; ++i) {
    envelope.add(
        phyllo::test::sealed(deliver_frame(1, 1).SerializeAsString(), Payload::copy_of("\x01x")),
        "\x01x");
  }
  std::string altered = envelope.take();
  altered.back() ^= 1;
  broker_.send_frames({altered});
  ASSERT_TRUE(broker_.wait_for(Frame::kSubscribe, 2));
  EXPECT_TRUE(client_.ping(10s).ok());
  EXPECT_EQ(client_.stats().altered_frames, 1u);
  EXPECT_FALSE(sub_.next(0ms).has_value());
}

TEST_F(HostileBroker, RandomAndMutatedFramesDoNoHarm) {
  std::mt19937 random(20261122);
  const std::string valid = deliver_frame(1, 1).SerializeAsString();
  for (int i = 0; i < 2000; ++i) {
    std::string bytes = valid;
    if (i % 2 == 0) bytes.assign(random() % 64, '\0');
    for (auto& byte : bytes) {
      if (i % 2 == 0 || random() % 8 == 0) byte = static_cast<char>(random());
    }
    if (i % 3 == 0) bytes.resize(random() % (bytes.size() + 1));
    const std::string body = "\x01x";
    if (i % 5 == 0) {
      broker_.send_frames({phyllo::test::sealed(bytes, Payload::copy_of(body)), body});
    } else {
      broker_.send_frames({i % 7 == 0 ? bytes : phyllo::test::sealed(bytes)});
    }
  }
  ASSERT_TRUE(client_.wait_connected(10s).ok());
  // Among the frames there may be answers to a ping; once they are all read, a ping works.
  for (int i = 0; i < 2000 && !client_.ping(10s).ok(); ++i) continue;
  EXPECT_TRUE(client_.ping(10s).ok());
  EXPECT_GT(client_.stats().malformed_frames, 100u);
}

TEST_F(HostileBroker, BodiesThatDoNotFitTheirHeaderAreDropped) {
  broker_.send(deliver_frame(1, 1));                    // no body
  broker_.send(deliver_frame(1, 1), "");                // empty
  broker_.send(deliver_frame(1, 2), "\x01x");           // one message instead of two
  broker_.send(deliver_frame(1, 1), "\x05x");           // truncated
  broker_.send(deliver_frame(1, 1), "\x01xy");          // something behind
  broker_.send(deliver_frame(1, 0xffffffff), "\x01x");  // absurd
  expect_malformed(6);
  EXPECT_FALSE(sub_.next(0ms).has_value());
  EXPECT_EQ(sub_.stats().gaps, 0u);
}

TEST_F(HostileBroker, ImpossibleNumbersAreDropped) {
  broker_.send(deliver_frame(0, 1), "\x01x");
  broker_.send(deliver_frame(~std::uint64_t{0}, 1), "\x01x");
  v1::BrokerFrame no_stream = deliver_frame(1, 1);
  no_stream.mutable_deliver()->clear_stream();
  broker_.send(no_stream, "\x01x");
  v1::BrokerFrame gap;
  gap.mutable_gap()->set_subscription(1);
  *gap.mutable_gap()->mutable_stream() = broker_.stream();
  gap.mutable_gap()->set_first(5);
  gap.mutable_gap()->set_last(4);
  broker_.send(gap);
  gap.mutable_gap()->set_last(~std::uint64_t{0});
  broker_.send(gap);
  expect_malformed(5);
  EXPECT_EQ(sub_.stats().gaps, 0u);
}

TEST_F(HostileBroker, AnswersNobodyAskedForAreIgnored) {
  v1::BrokerFrame frame;
  frame.mutable_pong()->set_nonce(~std::uint64_t{0});
  broker_.send(frame);
  frame.mutable_pong()->set_nonce(99);
  broker_.send(frame);
  frame.mutable_answer()->set_request(99);
  frame.mutable_answer()->mutable_tree();
  broker_.send(frame);
  frame.mutable_refused()->set_request(99);
  broker_.send(frame);
  frame.mutable_subscribe_ack()->set_subscription(99);
  broker_.send(frame);
  frame.mutable_publish_ack()->set_up_to(99);
  broker_.send(frame);
  broker_.deliver(99, 1, {"x"});
  expect_malformed(0);
}

TEST_F(HostileBroker, ASecondWelcomeIsNoMessage) {
  v1::BrokerFrame frame;
  frame.mutable_welcome()->set_version(1);
  broker_.send(frame);
  expect_malformed(1);
}

TEST_F(HostileBroker, ExceedingTheCreditEndsTheConnection) {
  const std::string megabyte(1 << 20, 'x');
  for (std::uint64_t i = 1; i <= 8; ++i) broker_.deliver(1, i, {megabyte});
  ASSERT_TRUE(broker_.wait_for(Frame::kHello, 2)) << "it connects again";
  ASSERT_TRUE(broker_.wait_for(Frame::kSubscribe, 2));
  EXPECT_LE(sub_.stats().waiting, 5u << 20);
  EXPECT_EQ(broker_.arrived(Frame::kSubscribe)[1].frame.subscribe().credit_bytes(), 0u)
      << "what waits counts on the new connection too";
}

TEST_F(HostileBroker, AnOversizedFrameEndsTheConnection) {
  Client small({broker_.endpoint()}, {.reconnect = kFast, .max_receive_bytes = 4096});
  ASSERT_TRUE(small.wait_connected(10s).ok());
  ASSERT_TRUE(small.ping(10s).ok());
  const std::size_t hellos = broker_.arrived(Frame::kHello).size();
  broker_.send_frames({std::string(5000, 'x')});
  EXPECT_TRUE(broker_.wait_for(Frame::kHello, hellos + 1));
}

TEST_F(HostileBroker, TextOfABrokerIsSafeToPrint) {
  v1::BrokerFrame bye;
  bye.mutable_bye()->set_reason("\x1b[31mred\r\n" + std::string(5000, 'x'));
  Recorder<ConnectionEvent> events;
  Client client({broker_.endpoint()},
                {.reconnect = kFast,
                 .on_connection = [&](const ConnectionEvent& event) { events.add(event); }});
  ASSERT_TRUE(client.wait_connected(10s).ok());
  ASSERT_TRUE(client.ping(10s).ok());
  broker_.send(bye);
  const auto told = events.wait(2);
  EXPECT_THAT(told[1].reason.message(), HasSubstr("?[31mred??"));
  EXPECT_LT(told[1].reason.message().size(), 1200u);
}

TEST(HostileGreeting, NothingButAWelcomeIsListenedTo) {
  FakeBroker broker({.welcomes = false});
  Client client({broker.endpoint()}, {.connect_timeout = 5s});
  ASSERT_TRUE(broker.wait_for(Frame::kHello));
  v1::BrokerFrame frame;
  frame.mutable_subscribe_ack()->set_subscription(1);
  broker.send(frame);
  frame.mutable_ping()->set_nonce(1);
  broker.send(frame);
  v1::BrokerFrame welcome;
  welcome.mutable_welcome()->set_version(internal::kProtocolVersion);
  welcome.mutable_welcome()->set_heartbeat_ms(0);
  broker.send(welcome);
  ASSERT_TRUE(client.wait_connected(10s).ok());
  EXPECT_EQ(client.stats().malformed_frames, 2u);
  EXPECT_TRUE(broker.arrived(Frame::kPong).empty());
}

}  // namespace
}  // namespace phyllo::test
