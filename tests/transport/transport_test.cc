#include "overlay/transport/transport.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/envelope.h"
#include "overlay/transport/peer_codec.h"
#include "tests/transport/raw_peer.h"
#include "tests/transport/station.h"

namespace phyllo::overlay::transport {
namespace {

TEST(Transport, CarriesHeaderAndBodyAndSaysWhoSentThem) {
  Station a(1);
  Station b(2);
  ASSERT_EQ(a.send(b.self(), "header", "body"), Sent::kQueued);
  ASSERT_TRUE(run_until({&a, &b}, [&] { return !b.all<Received>().empty(); }));
  const Received received = b.all<Received>().front();
  EXPECT_EQ(received.from, a.self());
  EXPECT_EQ(received.wire, (Wire{"header", Payload::copy_of("body")}));
}

TEST(Transport, KeepsTheOrderOfAThousandMessages) {
  Station a(1);
  Station b(2);
  for (std::size_t i = 0; i < 1000; ++i) {
    a.send(b.self(), std::to_string(i), i % 3 == 0 ? std::string(10 * i, 'x') : "");
  }
  ASSERT_TRUE(run_until({&a, &b}, [&] { return b.all<Received>().size() == 1000; }));
  std::size_t next = 0;
  for (const auto& received : b.all<Received>()) {
    EXPECT_EQ(received.wire.header, std::to_string(next));
    EXPECT_EQ(received.wire.body.size(), next % 3 == 0 ? 10 * next : 0);
    ++next;
  }
}

TEST(Transport, ShortMessagesOfOneBurstTravelTogetherAndLongOnesInTheirPlaceAmongThem) {
  RawServer server("");
  Station a(1);
  const Contact to(node(9), 1, Place{"here", server.endpoint(), {}});
  a.send(to, "hello?");
  ASSERT_TRUE(run_until({&a}, [&] {
    server.turn();
    return server.frames().size() == 2;  // the link's own hello came first
  }));
  for (int i = 0; i < 100; ++i) a.send(to, "before " + std::to_string(i), "small");
  a.send(to, "long", std::string(10'000, 'x'));
  a.send(to, "one after", "small");
  ASSERT_TRUE(run_until({&a}, [&] {
    server.turn();
    return server.frames().size() == 5;
  }));
  EnvelopeReader envelope(server.frames()[2]);
  std::string_view header;
  std::string_view body;
  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE(envelope.next(header, body));
    EXPECT_EQ(header, "before " + std::to_string(i));
    EXPECT_EQ(body, "small");
  }
  EXPECT_FALSE(envelope.next(header, body));
  EXPECT_EQ(server.frames()[3], encode(Message{"long"}));
  EXPECT_EQ(server.frames()[4], encode(Message{"one after"}));
}

TEST(Transport, WorksOverIPv6) {
  Station a(1);
  Station::Options options;
  options.listen = "tcp://[::1]:0";
  std::optional<Station> b;
  try {
    b.emplace(2, options);
  } catch (const std::exception&) {
    GTEST_SKIP() << "this host has no IPv6";
  }
  EXPECT_TRUE(b->listening().text().starts_with("tcp://[::1]:")) << b->listening().text();
  a.transport().dial(a.now(), b->listening());
  a.send(b->self(), "header");
  EXPECT_TRUE(run_until({&a, &*b},
                        [&] { return !a.all<Dialed>().empty() && !b->all<Received>().empty(); }));
}

TEST(Transport, BothDirectionsAtOnce) {
  Station a(1);
  Station b(2);
  for (int i = 0; i < 500; ++i) {
    a.send(b.self(), "to b", std::string(300, 'b'));
    b.send(a.self(), "to a", std::string(300, 'a'));
  }
  ASSERT_TRUE(run_until({&a, &b}, [&] {
    return a.all<Received>().size() == 500 && b.all<Received>().size() == 500;
  }));
}

TEST(Transport, EmptyHeaderAndBodyArrive) {
  Station a(1);
  Station b(2);
  a.send(b.self(), "");
  ASSERT_TRUE(run_until({&a, &b}, [&] { return !b.all<Received>().empty(); }));
  EXPECT_EQ(b.all<Received>().front().wire, Wire{});
}

TEST(Transport, DialFindsOutWhoIsThere) {
  Station a(1);
  Station b(2);
  a.transport().dial(a.now(), b.listening());
  a.transport().dial(a.now(), b.listening());  // asked once is enough
  ASSERT_TRUE(run_until({&a, &b}, [&] { return !a.all<Dialed>().empty(); }));
  EXPECT_EQ(a.all<Dialed>().front().found, b.self());
  EXPECT_EQ(a.all<Dialed>().front().endpoint, b.listening());
  EXPECT_EQ(a.transport().stats().links_opened, 1u);
  EXPECT_EQ(a.transport().stats().links, 0u);
  // Hanging up after a question is not a sign of death.
  ASSERT_TRUE(run_until({&a, &b}, [&] { return b.transport().stats().connections == 0; }));
  EXPECT_TRUE(b.all<Disconnected>().empty());
}

TEST(Transport, DialOfItselfFindsItself) {
  Station a(1);
  a.transport().dial(a.now(), a.listening());
  ASSERT_TRUE(run_until({&a}, [&] { return !a.all<Dialed>().empty(); }));
  EXPECT_EQ(a.all<Dialed>().front().found, a.self());
}

TEST(Transport, DialWhereNobodyListensFails) {
  Station a(1);
  const Endpoint deserted = Station(2).listening();
  a.transport().dial(a.now(), deserted);
  ASSERT_TRUE(run_until({&a}, [&] { return !a.all<DialFailed>().empty(); }));
  EXPECT_EQ(a.all<DialFailed>().front().endpoint, deserted);
}

TEST(Transport, LocalEndpointInsideARegionWanEndpointOtherwise) {
  // The same node behind two addresses, so that one can tell which was used.
  Station by_local(2);
  Station by_wan(2);
  const Contact peer(node(2), 1, Place{"here", by_local.listening(), by_wan.listening()});
  Station near(1);
  Station::Options elsewhere;
  elsewhere.region = "there";
  Station far(3, elsewhere);
  near.send(peer, "from near");
  far.send(peer, "from far");
  ASSERT_TRUE(run_until({&near, &far, &by_local, &by_wan}, [&] {
    return !by_local.all<Received>().empty() && !by_wan.all<Received>().empty();
  }));
  EXPECT_EQ(by_local.all<Received>().front().wire.header, "from near");
  EXPECT_EQ(by_wan.all<Received>().front().wire.header, "from far");
}

TEST(Transport, ContactWithoutAnEndpointIsReportedAsDisconnected) {
  Station a(1);
  a.send(Contact(node(2), 1, Place{"there", a.listening(), Endpoint()}), "header");
  ASSERT_TRUE(run_until({&a}, [&] { return !a.all<Disconnected>().empty(); }));
  EXPECT_EQ(a.all<Disconnected>().front().peer, node(2));
}

TEST(Transport, CountsBytesByPeerAndRegion) {
  Station a(1);
  Station::Options elsewhere;
  elsewhere.region = "there";
  Station b(2, elsewhere);
  a.send(b.self(), "12345", "1234567890");
  a.send(b.self(), "123");
  ASSERT_TRUE(run_until({&a, &b}, [&] { return b.all<Received>().size() == 2; }));
  const Traffic& out = a.transport().regions().all().at("there");
  EXPECT_EQ(out.sent_messages, 2u);
  EXPECT_EQ(out.sent_bytes, 18u);
  const Traffic& in = b.transport().regions().all().at("here");
  EXPECT_EQ(in.received_messages, 2u);
  EXPECT_EQ(in.received_bytes, 18u);
  ASSERT_EQ(a.transport().peers().size(), 1u);
  EXPECT_EQ(a.transport().peers().front().peer, node(2));
  EXPECT_EQ(a.transport().peers().front().traffic.sent_bytes, 18u);
  EXPECT_EQ(b.transport().peers().front().traffic.received_bytes, 18u);
}

TEST(Transport, PortInUseIsAClearError) {
  Station a(1);
  TransportConfig config;
  config.listen = {a.listening()};
  const auto second = Transport::open(test_context(), config);
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().message,
            "cannot listen on " + a.listening().text() + ": Address already in use");
}

TEST(Transport, ListensOnSeveralEndpoints) {
  TransportConfig config;
  config.listen = {endpoint("tcp://127.0.0.1:0"), endpoint("tcp://127.0.0.1:0")};
  auto transport = Transport::open(test_context(), config);
  ASSERT_TRUE(transport.ok());
  ASSERT_EQ((*transport)->listening().size(), 2u);
  EXPECT_NE((*transport)->listening()[0], (*transport)->listening()[1]);
}

}  // namespace
}  // namespace phyllo::overlay::transport
