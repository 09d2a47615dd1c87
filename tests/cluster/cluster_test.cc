// Fifty brokers without faults: what everything else is built on.

#include "sim/cluster/cluster.h"

#include "tests/cluster/cluster_fixture.h"

namespace phyllo::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::IsEmpty;
using ::testing::SizeIs;
namespace client = broker::client;

class CalmCluster : public ClusterTest {
 protected:
  void SetUp() override { ASSERT_TRUE(cluster_.grow(50)); }

  client::TreeAnswer tree(Program& asker, const std::string& topic) {
    const std::size_t before = asker.answers().size();
    asker.ask_tree(topic);
    EXPECT_TRUE(cluster_.run_until([&] { return asker.answers().size() > before; }, 10s));
    return std::get<client::TreeAnswer>(asker.answers().back().what);
  }
};

TEST_F(CalmCluster, EverySubscriberGetsEverythingOnce) {
  const Programs programs = program_at_each_broker();
  subscribe_all(programs, "news/world");
  traffic({programs[0], programs[17], programs[49]}, "news/world", 1s, 10ms);
  cluster_.run_for(1s);
  expect_everything_delivered_everywhere(50);
  EXPECT_EQ(roots(), 1u);
  EXPECT_EQ(children(), 49u);
  expect_nothing_left();
}

TEST_F(CalmCluster, APublicationAfterTheAcknowledgementArrivesAtOnce) {
  // Truthful subscribe: no settling time between the acknowledgement and the publication.
  Program& publisher = cluster_.program(0);
  for (StationId id = 1; id < 50; id += 7) {
    Program& subscriber = cluster_.program(id);
    subscriber.subscribe("t");
    ASSERT_TRUE(cluster_.run_until([&] { return subscriber.all_live(); }, 10s));
    publisher.publish("t");
  }
  cluster_.run_for(2s);
  EXPECT_EQ(cluster_.ledger().gap_messages(), 0u);
  // Those who came later may also get what was still under way when they came.
  EXPECT_GE(cluster_.ledger().delivered_messages(), 1u + 2 + 3 + 4 + 5 + 6 + 7);
  EXPECT_THAT(cluster_.ledger().complaints(), IsEmpty());
}

TEST_F(CalmCluster, ManyTopicsHaveOneRootEachWhereTheirIdsAre) {
  const Programs programs = program_at_each_broker();
  for (int topic = 0; topic < 20; ++topic) {
    for (int i = 0; i < 50; i += 5) {
      programs[(topic + i) % 50]->subscribe("topic/" + std::to_string(topic));
    }
  }
  ASSERT_TRUE(cluster_.run_until([&] { return cluster_.all_live(); }, kLong));
  EXPECT_EQ(roots(), 20u);
  for (int topic = 0; topic < 20; ++topic) {
    const std::string name = "topic/" + std::to_string(topic);
    programs[topic]->publish(name, 3);
    const auto answer = tree(*programs[49], name);
    ASSERT_THAT(answer.nodes, ::testing::Not(IsEmpty()));
    EXPECT_TRUE(answer.complete);
    EXPECT_TRUE(answer.nodes[0].root);
    EXPECT_EQ(answer.nodes[0].node.id(), cluster_.id(cluster_.closest_to(name)));
  }
  expect_everything_delivered_everywhere(10);
  expect_nothing_left();
}

TEST_F(CalmCluster, ATreeQueryShowsWhoIsWhosChild) {
  const Programs programs = program_at_each_broker();
  subscribe_all(programs, "t");
  programs[3]->subscribe("t");
  cluster_.run_for(5s);
  const auto answer = tree(*programs[7], "t");
  EXPECT_TRUE(answer.complete);
  EXPECT_THAT(answer.nodes, SizeIs(50));
  std::map<overlay::NodeId, multicast::TreeNode> seen;
  std::uint64_t subscribers = 0;
  for (const auto& node : answer.nodes) {
    EXPECT_EQ(node.root, seen.empty()) << "the root comes first";
    if (!node.root) {
      ASSERT_TRUE(node.parent.has_value());
      ASSERT_TRUE(seen.contains(*node.parent)) << "each child comes after its parent";
      EXPECT_THAT(seen.at(*node.parent).children, ::testing::Contains(node.node.id()));
    }
    subscribers += node.local_subscribers;
    seen.emplace(node.node.id(), node);
  }
  EXPECT_EQ(subscribers, 51u);
  EXPECT_EQ(answer.nodes[0].subtree_subscribers, 51u) << "the root knows its reach";
}

TEST_F(CalmCluster, APeersQueryShowsTheRing) {
  Program& program = cluster_.program(5);
  cluster_.run_for(100ms);
  program.ask_peers();
  cluster_.run_for(100ms);
  ASSERT_THAT(program.answers(), SizeIs(1));
  const auto& peers = std::get<client::PeersAnswer>(program.answers()[0].what);
  EXPECT_EQ(peers.self.contact.id(), cluster_.id(5));
  EXPECT_EQ(peers.state, "active");
  EXPECT_THAT(peers.left_leaves, SizeIs(8));
  EXPECT_THAT(peers.right_leaves, SizeIs(8));
  EXPECT_THAT(peers.table, ::testing::Not(IsEmpty()));
  EXPECT_TRUE(std::ranges::any_of(
      peers.left_leaves, [](const client::PeerInfo& leaf) { return leaf.rtt_microseconds > 0; }));
  EXPECT_EQ(peers.clients, 1u);
}

TEST_F(CalmCluster, AQueryThatMakesNoSenseIsRefusedAndTheSessionGoesOn) {
  Program& program = cluster_.program(5);
  cluster_.run_for(100ms);
  program.ask_tree("a//b");
  cluster_.run_for(100ms);
  ASSERT_THAT(program.refusals(), SizeIs(1));
  EXPECT_EQ(program.refusals()[0].code, "invalid_argument");
  EXPECT_EQ(program.refusals()[0].request, 1u);
  EXPECT_TRUE(program.connected());
}

TEST_F(CalmCluster, APublisherLearnsHowManySubscribersTheRootKnows) {
  const Programs programs = program_at_each_broker();
  subscribe_all({programs.begin(), programs.begin() + 12}, "t");
  cluster_.run_for(5s);
  programs[40]->publish("t");
  cluster_.run_for(1s);
  EXPECT_EQ(programs[40]->last_reach(), 12u);
}

TEST_F(CalmCluster, PublishingWhereNobodyListensIsAcknowledged) {
  Program& program = cluster_.program(9);
  for (int i = 0; i < 10; ++i) program.publish("silent");
  EXPECT_TRUE(cluster_.run_until([&] { return program.all_acknowledged(); }, 5s));
  EXPECT_EQ(program.last_reach(), 0u);
  EXPECT_TRUE(cluster_.run_until([&] { return trees() == 0; }, kLong));
}

TEST_F(CalmCluster, TheSameSeedGivesTheSameRun) {
  const auto run = [](std::uint64_t seed) {
    Cluster cluster({.seed = seed, .broker = lan_config()});
    EXPECT_TRUE(cluster.grow(12));
    for (StationId id = 0; id < 12; ++id) cluster.program(id).subscribe("t");
    cluster.run_for(1s);
    for (int i = 0; i < 20; ++i) cluster.programs()[i % 12]->publish("t");
    cluster.kill(3);
    cluster.run_for(10s);
    return std::pair(cluster.network().messages_sent(), cluster.network().bytes_sent());
  };
  EXPECT_EQ(run(5), run(5));
  EXPECT_NE(run(5), run(6));
}

}  // namespace
}  // namespace phyllo::testing
