// Sessions: how they begin and end, and what is said in them.

#include <set>
#include <string_view>

#include "base/envelope.h"
#include "tests/broker/client_gateway_fixture.h"

namespace phyllo::broker {
namespace {

TEST_F(ClientGatewayTest, SessionBeginsWithTheFirstMessageAndEndsWithTheConnection) {
  open();
  {
    Program first = program();
    first.say({"hello"});
    first.say({"publish", "body"});
    ASSERT_TRUE(run_until([&] { return all<Message>().size() == 2; }));
  }
  ASSERT_TRUE(run_until([&] { return all<Gone>().size() == 1; }));
  ASSERT_EQ(events_.size(), 4u);
  const SessionId session = std::get<Connected>(events_[0]).session;
  EXPECT_EQ(std::get<Message>(events_[1]).session, session);
  EXPECT_EQ(std::get<Message>(events_[1]).wire, (Wire{"hello", {}}));
  EXPECT_EQ(std::get<Message>(events_[2]).wire, (Wire{"publish", Payload::copy_of("body")}));
  EXPECT_EQ(std::get<Gone>(events_[3]).session, session);
}

TEST_F(ClientGatewayTest, NumbersOfSessionsAreNotUsedAgain) {
  open();
  for (std::size_t round = 1; round <= 5; ++round) {
    Program one = program();
    one.say({"hello"});
    ASSERT_TRUE(run_until([&] { return all<Connected>().size() == round; }));
  }
  std::set<SessionId> sessions;
  for (const auto& connected : all<Connected>()) sessions.insert(connected.session);
  EXPECT_EQ(sessions.size(), 5u);
}

TEST_F(ClientGatewayTest, LastWordsOfAProgramComeBeforeItsEnd) {
  open();
  {
    Program hasty = program();
    hasty.say({"hello"});
    ASSERT_TRUE(run_until([&] { return all<Message>().size() == 1; }));
    for (int i = 0; i < 200; ++i) hasty.say({"publish", std::string(1000, 'x')});
    hasty.say({"bye"});
    ASSERT_TRUE(run_until([&] { return all<Message>().size() == 202; }));
  }
  ASSERT_TRUE(run_until([&] { return !all<Gone>().empty(); }));
  EXPECT_TRUE(std::holds_alternative<Gone>(events_.back()));
}

TEST_F(ClientGatewayTest, SendsEachSessionItsOwn) {
  open();
  Program one = program();
  Program two = program();
  one.say({"one"});
  two.say({"two"});
  ASSERT_TRUE(run_until([&] { return all<Message>().size() == 2; }));
  for (const auto& message : all<Message>()) {
    gateway_->send(message.session, Wire{"to " + message.wire.header, Payload::copy_of("small")});
    gateway_->send(message.session, Wire{"more", Payload::from(std::string(100'000, 'x'))});
  }
  ASSERT_TRUE(run_until([&] { return one.heard().size() == 4 && two.heard().size() == 4; }));
  EXPECT_EQ(one.heard()[0], "to one");
  EXPECT_EQ(one.heard()[1], "small");
  EXPECT_EQ(one.heard()[3].size(), 100'000u);
  EXPECT_EQ(two.heard()[0], "to two");
}

TEST_F(ClientGatewayTest, ShortMessagesOfOneBurstTravelTogether) {
  open();
  Program one = program();
  one.say({"hello"});
  ASSERT_TRUE(run_until([&] { return all<Message>().size() == 1; }));
  const SessionId session = all<Message>().front().session;
  for (int i = 0; i < 3; ++i) gateway_->send(session, Wire{"short", Payload::copy_of("body")});
  gateway_->send(session, Wire{"long", Payload::from(std::string(10'000, 'x'))});
  gateway_->send(session, Wire{"last", Payload::copy_of("body")});
  ASSERT_TRUE(run_until([&] { return one.heard().size() == 5; }));
  EnvelopeReader envelope(one.heard()[0]);
  std::string_view header;
  std::string_view body;
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(envelope.next(header, body));
    EXPECT_EQ(header, "short");
    EXPECT_EQ(body, "body");
  }
  EXPECT_FALSE(envelope.next(header, body));
  EXPECT_EQ(one.heard()[1], "long");
  EXPECT_EQ(one.heard()[3], "last");
  EXPECT_EQ(one.heard()[4], "body");
}

TEST_F(ClientGatewayTest, MessagesOfAnEnvelopeArriveAsIfEachHadComeAlone) {
  open();
  Program one = program();
  EnvelopeWriter envelope;
  envelope.add("publish", "body");
  envelope.add("credit", "");
  const std::string sound = envelope.take();
  std::string altered = sound;
  altered[altered.size() / 2] ^= 1;
  one.say({sound});
  one.say({altered});
  ASSERT_TRUE(run_until([&] { return all<Message>().size() == 3; }));
  EXPECT_EQ(all<Message>()[0].wire, (Wire{"publish", Payload::copy_of("body")}));
  EXPECT_EQ(all<Message>()[1].wire, (Wire{"credit", {}}));
  // Whoever reads it finds that it is no message.
  EXPECT_EQ(all<Message>()[2].wire, (Wire{altered, {}}));
}

TEST_F(ClientGatewayTest, ClosedSessionIsHeardNoMoreAndHungUpOnAfterAGrace) {
  open();
  Program stubborn = program();
  stubborn.say({"hello"});
  ASSERT_TRUE(run_until([&] { return all<Message>().size() == 1; }));
  const SessionId session = all<Message>().front().session;
  gateway_->send(session, Wire{"bye", {}});
  gateway_->close(now(), session, Closing::kOnceSent);
  stubborn.say({"but"});
  ASSERT_TRUE(
      run_until([&] { return stubborn.heard().size() == 1 && gateway_->stats().unwanted == 1; }));
  EXPECT_EQ(stubborn.heard().front(), "bye");
  EXPECT_EQ(gateway_->stats().port.open, 1u);
  skipped_ += ClientGateway::Options{}.close_grace;
  ASSERT_TRUE(run_until([&] { return gateway_->stats().port.open == 0; }));
  EXPECT_EQ(all<Message>().size(), 1u);
  EXPECT_TRUE(all<Gone>().empty());
}

/// The program waits for that: see Reactor::await_end of the SDK.
TEST_F(ClientGatewayTest, AProgramThatSaidGoodbyeIsHungUpOnAtOnce) {
  open();
  Program leaving = program();
  leaving.say({"goodbye"});
  ASSERT_TRUE(run_until([&] { return all<Message>().size() == 1; }));
  gateway_->close(now(), all<Message>().front().session, Closing::kAtOnce);
  ASSERT_TRUE(run_until([&] { return gateway_->stats().port.open == 0; }));
  EXPECT_TRUE(all<Gone>().empty());
}

TEST_F(ClientGatewayTest, SendingToASessionThatIsGoneIsCounted) {
  open();
  gateway_->send(77, Wire{"anybody?", {}});
  gateway_->close(now(), 77, Closing::kOnceSent);
  EXPECT_EQ(gateway_->stats().unsendable, 1u);
}

}  // namespace
}  // namespace phyllo::broker
