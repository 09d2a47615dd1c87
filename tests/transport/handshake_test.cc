#include "overlay/transport/handshake.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "overlay/transport/peer_codec.h"
#include "tests/transport/raw_peer.h"
#include "tests/transport/station.h"

namespace phyllo::overlay::transport {
namespace {

using testing::HasSubstr;

Hello hello_from(const Station& station) {
  Hello hello;
  hello.cluster = "phyllo";
  hello.sender = station.self();
  return hello;
}

/// Sends what no honest broker would as the first frame and returns the code of the refusal.
std::string refusal_of(const Frame& first) {
  Station b(2);
  RawPeer raw(b.listening());
  raw.say(first);
  if (!run_until({&b}, [&] { return raw.refusal() != nullptr; })) return "none";
  const auto logged = b.all<Refused>();
  EXPECT_EQ(logged.size(), 1u);
  EXPECT_EQ(logged.front().by, Refused::By::kUs);
  EXPECT_EQ(logged.front().code, raw.refusal()->code);
  EXPECT_EQ(logged.front().message, raw.refusal()->message);
  // Nothing that follows is looked at.
  raw.say(Message{"header"});
  EXPECT_TRUE(run_until({&b}, [&] { return b.transport().stats().unwanted == 1; }));
  EXPECT_TRUE(b.all<Received>().empty());
  return raw.refusal()->code;
}

TEST(Handshake, WrongMagicIsRefused) {
  Hello hello = hello_from(Station(1));
  hello.magic = "GNUTLS";
  EXPECT_EQ(refusal_of(hello), kRefusedMagic);
}

TEST(Handshake, VersionWithoutOverlapIsRefused) {
  Hello hello = hello_from(Station(1));
  hello.min_version = kMaxVersion + 1;
  hello.max_version = kMaxVersion + 7;
  EXPECT_EQ(refusal_of(hello), kRefusedVersion);
  hello.min_version = 0;
  hello.max_version = 0;
  EXPECT_EQ(refusal_of(hello), kRefusedVersion);
}

TEST(Handshake, HelloOfALaterVersionMayDescribeItselfInAnotherWay) {
  Hello hello;
  hello.min_version = kMaxVersion + 1;
  hello.max_version = kMaxVersion + 1;
  EXPECT_EQ(refusal_of(hello), kRefusedVersion);
}

TEST(Handshake, WiderRangeThatOverlapsIsWelcome) {
  Station a(1);
  Station b(2);
  RawPeer raw(b.listening());
  Hello hello = hello_from(a);
  hello.max_version = kMaxVersion + 5;
  raw.say(hello);
  ASSERT_TRUE(run_until({&b}, [&] { return raw.welcomed(); }));
  EXPECT_EQ(std::get<Welcome>(raw.answers().front()).version, kMaxVersion);
}

TEST(Handshake, HelloWithoutSenderIsRefused) {
  Hello hello;
  hello.cluster = "phyllo";
  EXPECT_EQ(refusal_of(hello), kRefusedMalformed);
}

TEST(Handshake, MessageBeforeTheHelloIsRefused) {
  EXPECT_EQ(refusal_of(Message{"header"}), kRefusedHelloFirst);
  EXPECT_EQ(refusal_of(Bye{"never mind"}), kRefusedHelloFirst);
}

TEST(Handshake, HelloForAnotherNodeIsRefused) {
  Hello hello = hello_from(Station(1));
  hello.receiver = node(77);
  EXPECT_EQ(refusal_of(hello), kRefusedWrongNode);
}

TEST(Handshake, BrokerOfAnotherClusterIsRefusedAndBothSidesSayWhy) {
  Station::Options other;
  other.config.cluster = "elsewhere";
  Station a(1, other);
  Station b(2);
  a.send(b.self(), "header");
  ASSERT_TRUE(run_until(
      {&a, &b}, [&] { return !a.all<Disconnected>().empty() && !b.all<Refused>().empty(); }));
  const Refused here = b.all<Refused>().front();
  const Refused there = a.all<Refused>().front();
  EXPECT_EQ(here.by, Refused::By::kUs);
  EXPECT_EQ(here.peer, a.self().id().hex());
  EXPECT_EQ(there.by, Refused::By::kThem);
  EXPECT_EQ(there.peer, b.self().id().hex());
  EXPECT_EQ(there.code, kRefusedCluster);
  EXPECT_EQ(there.message, here.message);
  EXPECT_THAT(there.message, HasSubstr("'phyllo'"));
  EXPECT_THAT(there.message, HasSubstr("'elsewhere'"));
  EXPECT_TRUE(b.all<Received>().empty());
}

TEST(Handshake, RefusalThatOnlyAnOperatorCanEndIsNotTestedAgainAndAgain) {
  Station::Options other;
  other.config.cluster = "elsewhere";
  Station a(1, other);
  Station b(2);
  a.transport().dial(a.now(), b.listening());
  a.send(b.self(), "header");
  ASSERT_TRUE(run_until({&a, &b}, [&] { return a.all<Refused>().size() == 2; }));
  for (int i = 0; i < 20; ++i) {
    a.transport().dial(a.now(), b.listening());
    a.send(b.self(), "header");
    a.skip(std::chrono::seconds(1));
    for (int turn = 0; turn < 20; ++turn) a.turn(), b.turn();
  }
  EXPECT_EQ(a.all<Refused>().size(), 2u);
  a.skip(std::chrono::seconds(15));
  EXPECT_TRUE(run_until({&a, &b}, [&] { return a.all<Refused>().size() == 4; }))
      << "but now and then";
}

TEST(Handshake, DialOfAnotherClusterFailsWithTheReason) {
  Station::Options other;
  other.config.cluster = "elsewhere";
  Station a(1, other);
  Station b(2);
  a.transport().dial(a.now(), b.listening());
  ASSERT_TRUE(run_until({&a, &b}, [&] { return !a.all<DialFailed>().empty(); }));
  EXPECT_THAT(a.all<DialFailed>().front().why, HasSubstr("'phyllo'"));
}

TEST(Handshake, NewIdentityAtAKnownAddressIsDetected) {
  Station a(1);
  auto b = std::make_unique<Station>(2);
  const Contact old = b->self();
  a.send(old, "one");
  ASSERT_TRUE(run_until({&a, b.get()}, [&] { return !b->all<Received>().empty(); }));
  b.reset();
  ASSERT_TRUE(run_until({&a}, [&] { return !a.all<Disconnected>().empty(); }));
  a.forget_events();

  Station::Options same_address;
  same_address.listen = old.place().local.text();
  Station c(3, same_address);
  a.send(old, "two");
  ASSERT_TRUE(run_until({&a, &c}, [&] { return !a.all<Disconnected>().empty(); }));
  ASSERT_EQ(a.all<Refused>().size(), 1u);
  EXPECT_EQ(a.all<Refused>().front().code, kRefusedWrongNode);
  EXPECT_THAT(a.all<Refused>().front().message, HasSubstr(c.self().id().hex()));
  EXPECT_EQ(a.transport().stats().wrong_nodes, 1u);
  EXPECT_TRUE(c.all<Received>().empty());
}

TEST(Handshake, WelcomeFromAnotherNodeThanExpectedEndsTheLink) {
  Station a(1);
  Station b(2);
  RawServer impostor(encode(Welcome{kMaxVersion, Station(9).self()}));
  const Contact expected(b.self().id(), 1, Place{"here", impostor.endpoint(), impostor.endpoint()});
  a.send(expected, "header");
  ASSERT_TRUE(run_until({&a}, [&] {
    impostor.turn();
    return !a.all<Disconnected>().empty();
  }));
  EXPECT_EQ(a.all<Refused>().front().code, kRefusedWrongNode);
}

TEST(Handshake, AnswerThatIsNoAnswerEndsTheLink) {
  Station a(1);
  RawServer babbler("\xff\xff\xff garbage");
  a.transport().dial(a.now(), babbler.endpoint());
  ASSERT_TRUE(run_until({&a}, [&] {
    babbler.turn();
    return !a.all<DialFailed>().empty();
  }));
}

TEST(Handshake, WelcomeOfAnUnknownVersionEndsTheLink) {
  Station a(1);
  RawServer future(encode(Welcome{kMaxVersion + 1, Station(9).self()}));
  a.transport().dial(a.now(), future.endpoint());
  ASSERT_TRUE(run_until({&a}, [&] {
    future.turn();
    return !a.all<DialFailed>().empty();
  }));
  EXPECT_EQ(a.all<Refused>().front().code, kRefusedVersion);
}

TEST(Handshake, SilentListenerIsGivenUpAtTheDeadline) {
  Station a(1);
  const PlainSocket mute = PlainSocket::listening();
  const Contact peer(node(2), 1, Place{"here", mute.endpoint(), mute.endpoint()});
  a.send(peer, "header");
  ASSERT_TRUE(run_until({&a}, [&] { return a.transport().stats().links_opened == 1; }));
  EXPECT_TRUE(a.all<Disconnected>().empty());
  a.skip(TransportConfig{}.handshake);
  a.turn();
  ASSERT_EQ(a.all<Disconnected>().size(), 1u);
  EXPECT_EQ(a.all<Disconnected>().front().peer, peer.id());
  EXPECT_EQ(a.transport().stats().links, 0u);
}

TEST(Handshake, ListenerHasTheTimeOfSixLongRoundTrips) {
  Station a(1);
  const PlainSocket far = PlainSocket::listening();
  a.send(Contact(node(2), 1, Place{"there", far.endpoint(), far.endpoint()}), "header");
  ASSERT_TRUE(run_until({&a}, [&] { return a.transport().stats().links_opened == 1; }));
  a.skip(6 * std::chrono::milliseconds(1000));
  a.turn();
  EXPECT_TRUE(a.all<Disconnected>().empty());
}

TEST(Handshake, CallerThatStallsIsCutOff) {
  Station b(2);
  PlainSocket half_greeting = PlainSocket::connected_to(b.listening());
  half_greeting.write(std::string("\xff\0\0\0\0\0\0\0\x01\x7f", 10));
  PlainSocket mute = PlainSocket::connected_to(b.listening());
  ASSERT_TRUE(run_until({&b}, [&] { return b.transport().stats().connections == 2; }));
  b.skip(TransportConfig{}.handshake);
  ASSERT_TRUE(run_until({&b}, [&] { return half_greeting.ended() && mute.ended(); }));
  ASSERT_TRUE(run_until({&b}, [&] { return b.transport().stats().connections == 0; }));
  EXPECT_EQ(b.transport().stats().accepted_silent, 2u);
}

TEST(Handshake, SecondHelloOfTheSameNodeRenewsTheContact) {
  Station a(1);
  Station b(2);
  a.send(b.self(), "one");
  ASSERT_TRUE(run_until({&a, &b}, [&] { return b.all<Received>().size() == 1; }));
  a.become(a.self().reborn(5));
  a.send(b.self(), "two");
  ASSERT_TRUE(run_until({&a, &b}, [&] { return b.all<Received>().size() == 2; }));
  EXPECT_EQ(b.all<Received>()[0].from.incarnation(), 1u);
  EXPECT_EQ(b.all<Received>()[1].from.incarnation(), 5u);
  EXPECT_EQ(a.transport().stats().links_opened, 1u);
}

TEST(Handshake, SecondHelloOfAnotherNodeIsRefused) {
  Station b(2);
  RawPeer raw(b.listening());
  raw.say(hello_from(Station(1)));
  raw.say(hello_from(Station(3)));
  ASSERT_TRUE(run_until({&b}, [&] { return raw.refusal() != nullptr; }));
  EXPECT_TRUE(raw.welcomed());
}

}  // namespace
}  // namespace phyllo::overlay::transport
