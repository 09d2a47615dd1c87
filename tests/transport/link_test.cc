#include "overlay/transport/link.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/transport/raw_peer.h"
#include "tests/transport/station.h"

namespace phyllo::overlay::transport {
namespace {

Contact somebody_at(const Endpoint& endpoint) {
  return Contact(node(2), 1, Place{"here", endpoint, endpoint});
}

/// With so much room on each link.
Station::Options queue_of(std::size_t bytes, std::size_t reserve) {
  Station::Options options;
  options.config.queue_bytes = bytes;
  options.config.control_reserve_bytes = reserve;
  return options;
}

TEST(Link, EndOfThePeerIsNoticedByBothOfItsConnections) {
  Station a(1);
  auto b = std::make_unique<Station>(2);
  const Contact peer = b->self();
  a.send(peer, "one");
  ASSERT_TRUE(run_until({&a, b.get()}, [&] { return !b->all<Received>().empty(); }));
  b.reset();
  ASSERT_TRUE(run_until({&a}, [&] { return !a.all<Disconnected>().empty(); }));
  EXPECT_EQ(a.all<Disconnected>().front().peer, peer.id());
}

TEST(Link, EndOfAPeerThatOnlySentToUsIsNoticed) {
  Station b(2);
  {
    RawPeer raw(b.listening());
    Hello hello;
    hello.cluster = "phyllo";
    hello.sender = Station(1).self();
    raw.say(hello);
    raw.say(Message{"last words"});
    ASSERT_TRUE(run_until({&b}, [&] { return raw.welcomed(); }));
  }
  ASSERT_TRUE(run_until({&b}, [&] { return !b.all<Disconnected>().empty(); }));
  EXPECT_EQ(b.all<Received>().size(), 1u);
  EXPECT_EQ(b.all<Disconnected>().front().peer, node(1));
}

TEST(Link, DeadPeerComesAliveAgain) {
  Station a(1);
  auto b = std::make_unique<Station>(2);
  const Contact first = b->self();
  a.send(first, "one");
  ASSERT_TRUE(run_until({&a, b.get()}, [&] { return !b->all<Received>().empty(); }));
  b.reset();
  a.send(first, "lost");
  ASSERT_TRUE(run_until({&a}, [&] { return !a.all<Disconnected>().empty(); }));

  Station::Options again;
  again.listen = first.place().local.text();
  again.incarnation = 2;
  Station reborn(2, again);
  a.send(reborn.self(), "two");
  ASSERT_TRUE(run_until({&a, &reborn}, [&] { return !reborn.all<Received>().empty(); }));
  EXPECT_EQ(reborn.all<Received>().back().wire.header, "two");
}

TEST(Link, FullQueueGivesTheMessageBackAndLeavesRoomForControl) {
  const PlainSocket stuck = PlainSocket::listening();
  Station a(1, queue_of(100'000, 10'000));
  const Contact peer = somebody_at(stuck.endpoint());
  const std::string body(10'000, 'x');
  Wire wire{"header", Payload::from(body)};
  std::size_t queued = 0;
  while (a.transport().send(a.now(), peer, wire) == Sent::kQueued) {
    ASSERT_LT(++queued, 10u);
    wire = Wire{"header", Payload::from(body)};
    a.turn();
  }
  EXPECT_EQ(queued, 9u);
  EXPECT_EQ(wire.header, "header");
  EXPECT_EQ(wire.body.view(), body);
  EXPECT_EQ(a.transport().stats().full_drops, 1u);
  EXPECT_GE(a.transport().stats().queued_bytes, 90'000u);

  EXPECT_EQ(a.send(peer, std::string(1'000, 'h')), Sent::kQueued);
  while (a.send(peer, std::string(1'000, 'h')) == Sent::kQueued) {
  }
  EXPECT_LE(a.transport().stats().queued_bytes, 110'000u);
}

TEST(Link, QueueFilledByAFloodHasRoomForTheShortBatchesOfASmallTopic) {
  const PlainSocket stuck = PlainSocket::listening();
  Station a(1, queue_of(100'000, 20'000));
  const Contact peer = somebody_at(stuck.endpoint());
  const std::string flood(10'000, 'x');
  while (a.send(peer, "flood", flood) == Sent::kQueued) a.turn();
  EXPECT_EQ(a.send(peer, "small", "a message now and then"), Sent::kQueued);
  EXPECT_EQ(a.send(peer, "flood", flood), Sent::kFull);
  const std::string kilobyte(1'000, 'x');
  while (a.send(peer, "small", kilobyte) == Sent::kQueued) a.turn();
  EXPECT_LE(a.transport().stats().queued_bytes, 110'000u);
  EXPECT_EQ(a.send(peer, "control without a body"), Sent::kQueued);
}

TEST(Link, QueueDrainsWhenThePeerReads) {
  Station::Options options;
  options.config.queue_bytes = 200'000;
  Station a(1, options);
  Station b(2);
  const std::string body(50'000, 'x');
  std::size_t sent = 0;
  ASSERT_TRUE(run_until({&a, &b}, [&] {
    while (sent < 200 && a.send(b.self(), "header", body) == Sent::kQueued) ++sent;
    return b.all<Received>().size() == 200;
  }));
  ASSERT_TRUE(run_until({&a, &b}, [&] { return a.transport().stats().queued_bytes == 0; }));
}

TEST(Link, MessageThatNoPeerWouldTakeIsNotSent) {
  Station::Options options;
  options.config.frame_bytes = 1'000;
  Station a(1, options);
  Station b(2, options);
  EXPECT_EQ(a.send(b.self(), "header", std::string(1'001, 'x')), Sent::kFull);
  EXPECT_EQ(a.send(b.self(), std::string(1'000, 'h')), Sent::kFull);
  EXPECT_EQ(a.transport().stats().oversize_drops, 2u);
  EXPECT_EQ(a.send(b.self(), "header", std::string(1'000, 'x')), Sent::kQueued);
  ASSERT_TRUE(run_until({&a, &b}, [&] { return b.all<Received>().size() == 1; }));
}

TEST(Link, SendingToADeadPeerAgainAndAgainMakesFewConnections) {
  Station a(1);
  const Endpoint deserted = Station(2).listening();
  ASSERT_TRUE(run_until({&a}, [&] {
    a.send(somebody_at(deserted), "anybody there?");
    return a.all<Disconnected>().size() == 3;
  }));
  EXPECT_LE(a.transport().stats().links_opened, 4u);
}

TEST(Link, LaterLifeOfThePeerReplacesTheLinkAnEarlierOneDoesNot) {
  Station a(1);
  Station b(2);
  b.become(b.self().reborn(5));
  a.send(b.self(), "one");
  ASSERT_TRUE(run_until({&a, &b}, [&] { return b.all<Received>().size() == 1; }));
  a.send(b.self().reborn(4), "two");
  ASSERT_TRUE(run_until({&a, &b}, [&] { return b.all<Received>().size() == 2; }));
  EXPECT_EQ(a.transport().stats().links_opened, 1u);
  a.send(b.self().reborn(6), "three");
  ASSERT_TRUE(run_until({&a, &b}, [&] { return b.all<Received>().size() == 3; }));
  EXPECT_EQ(a.transport().stats().links_opened, 2u);
  EXPECT_EQ(a.transport().stats().links, 1u);
  EXPECT_TRUE(b.all<Disconnected>().empty());
}

TEST(Link, PeerThatMovedIsReachedAtItsNewEndpoint) {
  Station a(1);
  Station before(2);
  Station after(2);
  a.send(before.self(), "one");
  a.send(after.self(), "two");
  ASSERT_TRUE(run_until({&a, &before, &after}, [&] { return !after.all<Received>().empty(); }));
  EXPECT_EQ(after.all<Received>().front().wire.header, "two");
  EXPECT_EQ(a.transport().stats().links, 1u);
}

TEST(Link, UnusedLinkIsClosedWithAGoodbye) {
  Station a(1);
  Station b(2);
  a.send(b.self(), "one");
  ASSERT_TRUE(run_until({&a, &b}, [&] { return b.all<Received>().size() == 1; }));
  ASSERT_TRUE(run_until({&a, &b}, [&] { return a.transport().stats().links_welcomed == 1; }));
  a.skip(TransportConfig{}.idle);
  ASSERT_TRUE(run_until({&a, &b}, [&] { return b.transport().stats().connections == 0; }));
  EXPECT_EQ(a.transport().stats().links, 0u);
  EXPECT_TRUE(a.all<Disconnected>().empty());
  EXPECT_TRUE(b.all<Disconnected>().empty());
  a.send(b.self(), "two");
  ASSERT_TRUE(run_until({&a, &b}, [&] { return b.all<Received>().size() == 2; }));
}

TEST(Link, BeyondTheLimitTheLongestUnusedLinkIsClosed) {
  Station::Options options;
  options.config.links = 2;
  Station a(1, options);
  Station b(2);
  Station c(3);
  Station d(4);
  a.send(b.self(), "b");
  a.skip(std::chrono::milliseconds(1));
  a.send(c.self(), "c");
  a.skip(std::chrono::milliseconds(1));
  ASSERT_TRUE(run_until({&a, &b, &c}, [&] {
    return b.all<Received>().size() == 1 && c.all<Received>().size() == 1;
  }));
  a.skip(std::chrono::milliseconds(1));
  a.send(b.self(), "b again");
  a.skip(std::chrono::milliseconds(1));
  a.send(d.self(), "d");
  ASSERT_TRUE(run_until({&a, &b, &c, &d}, [&] {
    return d.all<Received>().size() == 1 && c.transport().stats().connections == 0;
  }));
  EXPECT_EQ(a.transport().stats().links, 2u);
  EXPECT_EQ(b.transport().stats().connections, 1u);
}

TEST(Link, ForgottenPeerIsDisconnectedQuietly) {
  Station a(1);
  Station b(2);
  a.send(b.self(), "one");
  ASSERT_TRUE(run_until({&a, &b}, [&] { return b.all<Received>().size() == 1; }));
  a.transport().forget(b.self().id());
  a.transport().forget(node(99));
  ASSERT_TRUE(run_until({&a, &b}, [&] { return b.transport().stats().connections == 0; }));
  EXPECT_TRUE(a.all<Disconnected>().empty());
}

TEST(Link, GoodbyeOfAStoppingBrokerFollowsItsLastMessages) {
  auto a = std::make_unique<Station>(1);
  Station b(2);
  for (int i = 0; i < 100; ++i) a->send(b.self(), "header", std::string(10'000, 'x'));
  ASSERT_TRUE(run_until({a.get(), &b}, [&] { return a->transport().stats().links_opened == 1; }));
  a.reset();
  ASSERT_TRUE(run_until({&b}, [&] { return b.all<Received>().size() == 100; }));
  ASSERT_TRUE(run_until({&b}, [&] { return b.transport().stats().connections == 0; }));
  EXPECT_TRUE(b.all<Disconnected>().empty());
}

}  // namespace
}  // namespace phyllo::overlay::transport
