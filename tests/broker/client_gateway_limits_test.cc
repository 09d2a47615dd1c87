// Programs that do not read, say too much, or are too many.

#include <string_view>

#include "base/envelope.h"
#include "tests/broker/client_gateway_fixture.h"

namespace phyllo::broker {
namespace {

/// Of all frames, those that are envelopes opened.
std::vector<std::string> messages_of(const std::vector<std::string>& frames) {
  std::vector<std::string> messages;
  for (const std::string& frame : frames) {
    if (!Envelope::is(frame)) messages.push_back(frame);
    EnvelopeReader envelope(frame);
    for (std::string_view header, body; envelope.next(header, body);) messages.emplace_back(header);
  }
  return messages;
}

TEST_F(ClientGatewayTest, ManyMessagesToAProgramThatDoesNotReadAreKept) {
  open();
  Program slow = program();
  slow.say({"hello"});
  ASSERT_TRUE(run_until([&] { return all<Message>().size() == 1; }));
  const SessionId session = all<Message>().front().session;
  for (int i = 0; i < 20'000; ++i) gateway_->send(session, Wire{std::to_string(i), {}});
  EXPECT_EQ(gateway_->stats().unsendable, 0u);
  EXPECT_EQ(gateway_->stats().overflows, 0u);
  ASSERT_TRUE(run_until([&] { return messages_of(slow.heard()).size() == 20'000; }));
  EXPECT_EQ(messages_of(slow.heard()).back(), "19999");
}

TEST_F(ClientGatewayTest, ProgramThatLetsTooMuchPileUpIsEndedWithoutAHoleInWhatItGot) {
  ClientGateway::Options options;
  options.unsent_bytes = 1'000'000;
  open(options);
  Program stuck(context_, gateway_->listening().front(), 1);
  stuck.say({"hello"});
  ASSERT_TRUE(run_until([&] { return all<Message>().size() == 1; }));
  const SessionId session = all<Message>().front().session;
  const Payload body = Payload::from(std::string(300'000, 'x'));
  // The kernel and ZeroMQ hold some megabytes of their own.
  for (int i = 0; i < 1000; ++i) gateway_->send(session, Wire{std::to_string(i), body});
  EXPECT_EQ(gateway_->stats().overflows, 1u);
  EXPECT_GT(gateway_->stats().unsendable, 0u);
  ASSERT_TRUE(run_until([&] { return all<Gone>().size() == 1; }));
  const auto& heard = stuck.heard();
  for (std::size_t i = 0; i < heard.size(); i += 2) EXPECT_EQ(heard[i], std::to_string(i / 2));
}

TEST_F(ClientGatewayTest, ManySmallAnswersPileUpToTheLimitToo) {
  ClientGateway::Options options;
  options.unsent_bytes = 1'000'000;
  open(options);
  Program stuck(context_, gateway_->listening().front(), 1);
  stuck.say({"hello"});
  ASSERT_TRUE(run_until([&] { return all<Message>().size() == 1; }));
  const SessionId session = all<Message>().front().session;
  for (int i = 0; i < 2'000'000 && gateway_->stats().overflows == 0; ++i) {
    gateway_->send(session, Wire{"pong", {}});
  }
  EXPECT_EQ(gateway_->stats().overflows, 1u);
}

TEST_F(ClientGatewayTest, SurplusFramesAreDropped) {
  open();
  Program one = program();
  one.say({"publish", "body", "surplus"});
  one.say({"proper"});
  ASSERT_TRUE(run_until([&] { return all<Message>().size() == 1; }));
  EXPECT_EQ(all<Message>().front().wire.header, "proper");
  EXPECT_EQ(gateway_->stats().malformed, 1u);
}

TEST_F(ClientGatewayTest, OversizeFrameEndsTheSession) {
  ClientGateway::Options options;
  options.frame_bytes = 1000;
  open(options);
  Program greedy = program();
  greedy.say({"hello"});
  ASSERT_TRUE(run_until([&] { return all<Message>().size() == 1; }));
  greedy.say({"publish", std::string(1001, 'x')});
  ASSERT_TRUE(run_until([&] { return all<Gone>().size() == 1; }));
}

TEST_F(ClientGatewayTest, ConnectionsOverTheLimitAreEnded) {
  ClientGateway::Options options;
  options.connections = 3;
  open(options);
  std::vector<std::unique_ptr<Program>> programs;
  for (int i = 0; i < 10; ++i) {
    programs.push_back(std::make_unique<Program>(context_, gateway_->listening().front()));
  }
  ASSERT_TRUE(run_until([&] {
    const auto port = gateway_->stats().port;
    return port.accepted == 10 && port.open == 3;
  }));
  EXPECT_EQ(gateway_->stats().port.over_limit, 7u);
}

}  // namespace
}  // namespace phyllo::broker
