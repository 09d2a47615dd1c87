#include "broker/config/settings.h"

#include <gtest/gtest.h>

#include <string>

namespace phyllo::broker {
namespace {

Settings settings(const std::string& yaml) {
  const LoadedSettings loaded = parse_settings(yaml, "settings.yaml");
  return loaded.settings.value();
}

TEST(AdvertisedPlace, IsWhatIsListenedOnUnlessSaidOtherwise) {
  const Settings plain = settings("peers: {seeds: []}\nnode: {region: eu}\n");
  EXPECT_EQ(advertised_place(plain, {}).region, "eu");
  EXPECT_EQ(advertised_place(plain, {}).local.text(), "tcp://127.0.0.1:7400");
  EXPECT_EQ(advertised_place(plain, {}).wan.text(), "tcp://127.0.0.1:7400");
}

TEST(AdvertisedPlace, TakesTheWanSocketForOtherRegions) {
  const Settings both = settings("peers: {wan: {listen: tcp://127.0.0.2:9}, seeds: []}\n");
  EXPECT_EQ(advertised_place(both, {}).local.text(), "tcp://127.0.0.1:7400");
  EXPECT_EQ(advertised_place(both, {}).wan.text(), "tcp://127.0.0.2:9");
}

TEST(AdvertisedPlace, TellsAForwardedAddressWithoutASocketOfItsOwn) {
  const Settings forwarded = settings(
      "peers: {local: {listen: 'tcp://*:7400', advertise: tcp://10.0.0.1:7400},"
      " wan: {advertise: tcp://broker.example.net:4000}, seeds: []}\n");
  EXPECT_EQ(advertised_place(forwarded, {}).local.text(), "tcp://10.0.0.1:7400");
  EXPECT_EQ(advertised_place(forwarded, {}).wan.text(), "tcp://broker.example.net:4000");
}

TEST(AdvertisedPlace, HasThePortsTheSystemChose) {
  const Settings open = settings(
      "peers: {local: {listen: tcp://127.0.0.1:0}, wan: {listen: 'tcp://[::1]:0'}, seeds: []}\n");
  const overlay::Place place = advertised_place(open, {1234, 5678});
  EXPECT_EQ(place.local.text(), "tcp://127.0.0.1:1234");
  EXPECT_EQ(place.wan.text(), "tcp://[::1]:5678");
}

TEST(AdvertisedPlace, HasTheLocalPortForAForwardedWanAddressOfPortZero) {
  const Settings open = settings(
      "peers: {local: {listen: tcp://127.0.0.1:0}, wan: {advertise: tcp://127.0.0.9:0},"
      " seeds: []}\n");
  EXPECT_EQ(advertised_place(open, {1234, 0}).wan.text(), "tcp://127.0.0.9:1234");
}

TEST(NodeIdOf, IsTheConfiguredOne) {
  const Settings fixed =
      settings("node: {id: 00000000000000000000000000000abc}\npeers: {seeds: []}\n");
  EXPECT_EQ(node_id_of(fixed, advertised_place(fixed, {})), overlay::NodeId(0xabc));
}

TEST(NodeIdOf, IsTheSameAgainAfterARestart) {
  const Settings one = settings("cluster: c\npeers: {seeds: []}\n");
  const Settings again = settings("cluster: c\npeers: {seeds: [], links: 7}\n");
  EXPECT_EQ(node_id_of(one, advertised_place(one, {})),
            node_id_of(again, advertised_place(again, {})));
  // Written down: a change would give every broker another place on the ring after an update.
  EXPECT_EQ(node_id_of(one, advertised_place(one, {})).hex(), "779728e4cc06aeeb8e8da55dd6da5437");
}

TEST(NodeIdOf, DiffersByClusterAndByEachEndpoint) {
  Settings base = settings("cluster: c\npeers: {seeds: []}\n");
  const overlay::Place place = advertised_place(base, {});
  overlay::Place other_local = place;
  other_local.local = *overlay::Endpoint::parse("tcp://127.0.0.1:1");
  overlay::Place other_wan = place;
  other_wan.wan = *overlay::Endpoint::parse("tcp://127.0.0.1:1");
  Settings other_cluster = base;
  other_cluster.core.cluster = "d";
  const overlay::NodeId id = node_id_of(base, place);
  EXPECT_NE(id, node_id_of(base, other_local));
  EXPECT_NE(id, node_id_of(base, other_wan));
  EXPECT_NE(id, node_id_of(other_cluster, place));
  EXPECT_NE(node_id_of(base, other_local), node_id_of(base, other_wan));
}

TEST(NodeIdOf, DoesNotDependOnTheRegion) {
  const Settings eu = settings("node: {region: eu}\npeers: {seeds: []}\n");
  const Settings us = settings("node: {region: us}\npeers: {seeds: []}\n");
  EXPECT_EQ(node_id_of(eu, advertised_place(eu, {})), node_id_of(us, advertised_place(us, {})));
}

}  // namespace
}  // namespace phyllo::broker
