#include "cli/peers_text.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace phyllo::cli {
namespace {

PeerInfo peer(char digit, std::string region, int rtt = 0) {
  PeerInfo made;
  made.node_id = std::string(32, digit);
  made.region = std::move(region);
  made.local_endpoint = "tcp://10.0.0.#:7400";
  made.wan_endpoint = "tcp://192.0.2.#:7400";
  std::ranges::replace(made.local_endpoint, '#', digit);
  std::ranges::replace(made.wan_endpoint, '#', digit);
  made.rtt = std::chrono::microseconds(rtt);
  return made;
}

TEST(PeersText, ShowsLeafSetTableAndRegions) {
  PeersInfo peers;
  peers.self = peer('1', "europe");
  peers.state = "active";
  peers.left_leaves = {peer('2', "europe", 240), peer('3', "asia", 81'500)};
  peers.right_leaves = {peer('4', "asia")};
  peers.table = {peer('3', "asia", 81'500), peer('4', "asia")};
  peers.table[0].column = 3;
  peers.table[1].row = 1;
  peers.table[1].column = 12;
  peers.clients = 1;
  peers.subscriptions = 12'000;
  peers.topics = 3;
  EXPECT_EQ(peers_text(peers),
            "broker 11111111111111111111111111111111, region europe, active, "
            "tcp://10.0.0.1:7400\n"
            "serves 1 client, 12,000 subscriptions, 3 topics\n"
            "\n"
            "leaf set: 2 left, 1 right\n"
            "  SIDE   BROKER    REGION      RTT  ENDPOINT\n"
            "  left   22222222  europe   240 µs  tcp://10.0.0.2:7400\n"
            "  left   33333333  asia    81.5 ms  tcp://192.0.2.3:7400\n"
            "  right  44444444  asia          -  tcp://192.0.2.4:7400\n"
            "\n"
            "routing table: 2 of 30 places in 2 rows\n"
            "  ROW  COL  BROKER    REGION      RTT  ENDPOINT\n"
            "    0  3    33333333  asia    81.5 ms  tcp://192.0.2.3:7400\n"
            "    1  c    44444444  asia          -  tcp://192.0.2.4:7400\n"
            "\n"
            "regions: asia 2, europe 2 (known brokers, this one included)\n");
}

TEST(PeersText, ShowsBothRingsOfABrokerInARegionOfItsOwn) {
  PeersInfo peers;
  peers.self = peer('1', "europe");
  peers.state = "active";
  peers.left_leaves = {peer('2', "europe", 240)};
  peers.global_ring = RingInfo{"waiting", {peer('3', "asia", 81'500)}, {}, {}};
  EXPECT_EQ(peers_text(peers),
            "broker 11111111111111111111111111111111, region europe, active, "
            "tcp://10.0.0.1:7400\n"
            "serves 0 clients, 0 subscriptions, 0 topics\n"
            "\n"
            "ring of europe: active\n"
            "\n"
            "leaf set: 1 left, 0 right\n"
            "  SIDE  BROKER    REGION     RTT  ENDPOINT\n"
            "  left  22222222  europe  240 µs  tcp://10.0.0.2:7400\n"
            "\n"
            "routing table: empty\n"
            "\n"
            "global ring: waiting\n"
            "\n"
            "leaf set: 1 left, 0 right\n"
            "  SIDE  BROKER    REGION      RTT  ENDPOINT\n"
            "  left  33333333  asia    81.5 ms  tcp://192.0.2.3:7400\n"
            "\n"
            "routing table: empty\n"
            "\n"
            "regions: asia 1, europe 2 (known brokers, this one included)\n");
}

TEST(PeersText, ShowsALonelyBroker) {
  PeersInfo peers;
  peers.self = peer('1', "");
  peers.state = "active";
  EXPECT_EQ(peers_text(peers),
            "broker 11111111111111111111111111111111, no region, active, tcp://10.0.0.1:7400\n"
            "serves 0 clients, 0 subscriptions, 0 topics\n"
            "\n"
            "leaf set: empty\n"
            "\n"
            "routing table: empty\n"
            "\n"
            "regions: (none) 1 (known brokers, this one included)\n");
}

}  // namespace
}  // namespace phyllo::cli
