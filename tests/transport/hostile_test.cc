// What strangers may do to the peers' port: all of it is counted, none of it harms anybody else.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "base/envelope.h"
#include "overlay/transport/peer_codec.h"
#include "tests/transport/raw_peer.h"
#include "tests/transport/station.h"

namespace phyllo::overlay::transport {
namespace {

/// Proves that honest peers are still served.
void expect_alive(Station& station) {
  Station honest(200);
  const auto before = station.all<Received>().size();
  honest.send(station.self(), "still here?", "yes");
  EXPECT_TRUE(
      run_until({&honest, &station}, [&] { return station.all<Received>().size() == before + 1; }));
}

Hello hello_of(unsigned number) {
  Hello hello;
  hello.cluster = "phyllo";
  hello.sender = Contact(node(number), 1, Place{"here", {}, {}});
  return hello;
}

std::string random_bytes(std::mt19937& random, std::size_t most) {
  std::string bytes(random() % (most + 1), '\0');
  for (auto& byte : bytes) byte = static_cast<char>(random());
  return bytes;
}

TEST(Hostile, RandomFramesAreCounted) {
  Station b(2);
  RawPeer raw(b.listening());
  raw.say(hello_of(1));
  std::mt19937 random(1);
  for (int i = 0; i < 1000; ++i) {
    std::vector<std::string> frames(1 + random() % 4);
    for (auto& frame : frames) frame = random_bytes(random, 64);
    raw.say(frames);
  }
  raw.say(Message{"the end"});
  ASSERT_TRUE(run_until({&b}, [&] {
    return !b.all<Received>().empty() && b.all<Received>().back().wire.header == "the end";
  }));
  EXPECT_GT(b.transport().stats().malformed, 900u);
  expect_alive(b);
}

TEST(Hostile, MutatedFramesDoNoHarm) {
  Station b(2);
  std::mt19937 random(2);
  const std::string hello = encode(hello_of(1));
  for (int i = 0; i < 100; ++i) {
    std::string mutated = hello;
    mutated[random() % mutated.size()] = static_cast<char>(random());
    RawPeer raw(b.listening());
    raw.say({mutated});
    ASSERT_TRUE(run_until({&b}, [&] { return !raw.answers().empty(); }));
  }
  expect_alive(b);
}

TEST(Hostile, SurplusFramesAreDroppedWithTheirMessage) {
  Station b(2);
  RawPeer raw(b.listening());
  raw.say(hello_of(1));
  raw.say({encode(Message{"header"}), "body", "surplus", "and more"});
  raw.say(Message{"proper"});
  ASSERT_TRUE(run_until({&b}, [&] { return b.all<Received>().size() == 1; }));
  EXPECT_EQ(b.all<Received>().front().wire.header, "proper");
  EXPECT_EQ(b.transport().stats().malformed, 1u);
}

TEST(Hostile, EnvelopesAreForThoseWhoIntroducedThemselves) {
  Station b(2);
  RawPeer stranger(b.listening());
  EnvelopeWriter envelope;
  envelope.add("header", "body");
  envelope.add("header", "body");
  stranger.say(std::vector{envelope.take()});
  ASSERT_TRUE(run_until({&b}, [&] { return stranger.refusal() != nullptr; }));
  EXPECT_TRUE(b.all<Received>().empty());
}

TEST(Hostile, AlteredEnvelopeIsAsIfItHadNotCome) {
  Station b(2);
  RawPeer raw(b.listening());
  raw.say(hello_of(1));
  EnvelopeWriter envelope;
  for (int i = 0; i < 3; ++i) envelope.add("header", "body");
  const std::string sound = envelope.take();
  std::string altered = sound;
  altered[altered.size() / 2] ^= 1;
  raw.say(std::vector{altered});
  raw.say(std::vector{altered.substr(0, 10)});
  raw.say(std::vector{std::string(1, '\0')});
  raw.say(std::vector{sound});
  ASSERT_TRUE(run_until({&b}, [&] { return b.all<Received>().size() == 3; }));
  EXPECT_EQ(b.transport().stats().altered, 3u);
  EXPECT_EQ(b.all<Received>().front().wire, (Wire{"header", Payload::copy_of("body")}));
}

TEST(Hostile, AlteredHelloIsRefusedAnAlteredGoodbyeIgnored) {
  Station b(2);
  std::string hello = encode(hello_of(1));
  hello[hello.size() / 2] ^= 1;
  RawPeer early(b.listening());
  early.say(std::vector{hello});
  ASSERT_TRUE(run_until({&b}, [&] { return early.refusal() != nullptr; }));
  EXPECT_EQ(early.refusal()->code, kRefusedAltered);
  {
    RawPeer late(b.listening());
    late.say(hello_of(1));
    std::string bye = encode(Bye{"stopping"});
    bye[bye.size() / 2] ^= 1;
    late.say(std::vector{bye});
    ASSERT_TRUE(run_until({&b}, [&] { return b.transport().stats().altered == 2; }));
  }
  // Its end is evidence of death, since no goodbye was heard.
  EXPECT_TRUE(run_until({&b}, [&] { return !b.all<Disconnected>().empty(); }));
}

TEST(Hostile, AlteredAnswersAreAsIfTheyHadNotCome) {
  std::string welcome = encode(Welcome{kMaxVersion, Station(9).self()});
  welcome[welcome.size() / 2] ^= 1;
  RawServer server(welcome);
  Station a(1);
  a.send(Contact(node(9), 1, Place{"here", server.endpoint(), {}}), "hello?", "");
  ASSERT_TRUE(run_until({&a}, [&] {
    server.turn();
    return a.transport().stats().altered > 0;
  }));
  EXPECT_EQ(a.transport().stats().links_welcomed, 0u);
  EXPECT_TRUE(a.all<Refused>().empty());
}

TEST(Hostile, OversizeFrameEndsTheConnection) {
  Station::Options options;
  options.config.frame_bytes = 10'000;
  Station b(2, options);
  RawPeer raw(b.listening());
  raw.say(hello_of(1));
  ASSERT_TRUE(run_until({&b}, [&] { return raw.welcomed(); }));
  raw.say({encode(Message{"header"}), std::string(10'001, 'x')});
  ASSERT_TRUE(run_until({&b}, [&] { return b.transport().stats().connections == 0; }));
  EXPECT_TRUE(b.all<Received>().empty());
  expect_alive(b);
}

TEST(Hostile, RoutingIdOfTheCallersOwnIsNotAccepted) {
  Station b(2);
  RawPeer raw(b.listening(), "admin");
  raw.say(hello_of(1));
  ASSERT_TRUE(run_until({&b}, [&] { return b.transport().stats().accept_foreign_ids == 1; }));
  ASSERT_TRUE(run_until({&b}, [&] { return b.transport().stats().connections == 0; }));
  EXPECT_FALSE(raw.welcomed());
  expect_alive(b);
}

TEST(Hostile, PlainBytesInsteadOfZeroMq) {
  Station b(2);
  std::mt19937 random(3);
  for (int i = 0; i < 50; ++i) {
    PlainSocket plain = PlainSocket::connected_to(b.listening());
    plain.write(i == 0 ? "GET / HTTP/1.1\r\n\r\n" : random_bytes(random, 256));
  }
  ASSERT_TRUE(run_until({&b}, [&] { return b.transport().stats().accepted == 50; }));
  ASSERT_TRUE(run_until({&b}, [&] { return b.transport().stats().connections == 0; }));
  expect_alive(b);
}

TEST(Hostile, TenThousandConnectsThatSayNothing) {
  Station::Options options;
  options.config.connections = 100;
  Station b(2, options);
  std::vector<PlainSocket> open;
  for (int i = 0; i < 10'000; ++i) {
    open.push_back(PlainSocket::connected_to(b.listening()));
    if (open.size() == 500) {
      b.turn();
      open.clear();
    }
  }
  ASSERT_TRUE(run_until({&b}, [&] { return b.transport().stats().accepted == 10'000; }));
  ASSERT_TRUE(run_until({&b}, [&] { return b.transport().stats().connections == 0; }));
  EXPECT_GT(b.transport().stats().accepted_over_limit, 0u);
  expect_alive(b);
}

TEST(Hostile, ConnectionsOverTheLimitAreCutOffTheOthersStay) {
  Station::Options options;
  options.config.connections = 10;
  Station b(2, options);
  std::vector<PlainSocket> open;
  for (int i = 0; i < 30; ++i) open.push_back(PlainSocket::connected_to(b.listening()));
  ASSERT_TRUE(run_until({&b}, [&] {
    const auto stats = b.transport().stats();
    return stats.accepted == 30 && stats.connections == 10;
  }));
  EXPECT_EQ(b.transport().stats().accepted_over_limit, 20u);
}

TEST(Hostile, CallerThatNeverReadsItsAnswersDoesNoHarm) {
  Station b(2);
  RawPeer raw(b.listening());
  for (int i = 0; i < 20'000; ++i) raw.say(hello_of(1));
  raw.say(Message{"the end"});
  ASSERT_TRUE(run_until({&b}, [&] { return !b.all<Received>().empty(); }));
  expect_alive(b);
}

TEST(Hostile, RegionNamesWithoutEndDoNotGrowTheTable) {
  RegionTraffic regions;
  for (int i = 0; i < 1000; ++i) regions.of("region-" + std::to_string(i)).received(1);
  EXPECT_LE(regions.all().size(), 257u);
  EXPECT_EQ(regions.of("region-0").received_bytes, 1u);
  EXPECT_GT(regions.of("other").received_bytes, 700u);
}

}  // namespace
}  // namespace phyllo::overlay::transport
