#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <limits>
#include <string>

#include "phyllo/client.h"
#include "tests/sdk/fake_broker.h"

namespace phyllo::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using Frame = v1::ClientFrame;

class Queries : public testing::Test {
 protected:
  /// The number of the one question asked so far.
  std::uint32_t asked() {
    EXPECT_TRUE(broker_.wait_for(Frame::kQuery));
    return broker_.arrived(Frame::kQuery).front().frame.query().request();
  }

  FakeBroker broker_;
  Client client_{{broker_.endpoint()}};
};

TEST_F(Queries, ATreeComesWithAllItsNodes) {
  auto answer = std::async(std::launch::async, [&] { return client_.tree("a/b", 10s); });
  v1::BrokerFrame frame;
  frame.mutable_answer()->set_request(asked());
  auto* tree = frame.mutable_answer()->mutable_tree();
  tree->set_topic("a/b");
  tree->set_topic_id(std::string(16, '\x01'));
  tree->set_complete(true);
  auto* root = tree->add_nodes();
  root->set_node_id(std::string(16, '\x02'));
  root->set_region("eu");
  root->set_endpoint("tcp://h:1");
  root->set_root(true);
  root->add_children(std::string(16, '\x03'));
  root->set_local_subscribers(4);
  root->set_subtree_subscribers(5);
  tree->add_nodes()->set_parent(std::string(16, '\x02'));
  broker_.send(frame);
  const auto got = answer.get();
  ASSERT_TRUE(got.ok()) << got.status().to_string();
  EXPECT_EQ(broker_.arrived(Frame::kQuery)[0].frame.query().tree().topic(), "a/b");
  EXPECT_EQ(got->topic, "a/b");
  EXPECT_EQ(got->topic_id, "01010101010101010101010101010101");
  EXPECT_TRUE(got->complete);
  ASSERT_EQ(got->nodes.size(), 2u);
  EXPECT_EQ(got->nodes[0].node_id, "02020202020202020202020202020202");
  EXPECT_EQ(got->nodes[0].region, "eu");
  EXPECT_EQ(got->nodes[0].endpoint, "tcp://h:1");
  EXPECT_TRUE(got->nodes[0].root);
  EXPECT_EQ(got->nodes[0].parent, "");
  EXPECT_THAT(got->nodes[0].children, ElementsAre("03030303030303030303030303030303"));
  EXPECT_EQ(got->nodes[0].local_subscribers, 4u);
  EXPECT_EQ(got->nodes[0].subtree_subscribers, 5u);
  EXPECT_EQ(got->nodes[1].parent, got->nodes[0].node_id);
}

TEST_F(Queries, PeersComeWithTheirPlaces) {
  auto answer = std::async(std::launch::async, [&] { return client_.peers(10s); });
  v1::BrokerFrame frame;
  frame.mutable_answer()->set_request(asked());
  auto* peers = frame.mutable_answer()->mutable_peers();
  peers->set_state("active");
  peers->mutable_self()->set_region("eu");
  peers->add_left_leaves()->set_local_endpoint("tcp://l:1");
  peers->add_right_leaves()->set_wan_endpoint("tcp://w:1");
  auto* entry = peers->add_table();
  entry->set_node_id(std::string(16, '\x04'));
  entry->set_incarnation(9);
  entry->set_rtt_microseconds(1500);
  entry->set_row(2);
  entry->set_column(3);
  peers->set_clients(5);
  peers->set_subscriptions(6);
  peers->set_topics(7);
  broker_.send(frame);
  const auto got = answer.get();
  ASSERT_TRUE(got.ok());
  EXPECT_EQ(got->state, "active");
  EXPECT_EQ(got->self.region, "eu");
  EXPECT_EQ(got->left_leaves.at(0).local_endpoint, "tcp://l:1");
  EXPECT_EQ(got->right_leaves.at(0).wan_endpoint, "tcp://w:1");
  EXPECT_EQ(got->table.at(0).incarnation, 9u);
  EXPECT_EQ(got->table.at(0).rtt, 1500us);
  EXPECT_EQ(got->table.at(0).row, 2u);
  EXPECT_EQ(got->table.at(0).column, 3u);
  EXPECT_EQ(got->clients, 5u);
  EXPECT_EQ(got->subscriptions, 6u);
  EXPECT_EQ(got->topics, 7u);
}

TEST_F(Queries, BordersComeWithWhatTheyCostAndTheirTopics) {
  auto answer = std::async(std::launch::async, [&] { return client_.borders(10s); });
  v1::BrokerFrame frame;
  frame.mutable_answer()->set_request(asked());
  auto* borders = frame.mutable_answer()->mutable_borders();
  borders->set_node_id(std::string(16, '\x02'));
  borders->set_region("eu");
  auto* border = borders->add_borders();
  border->set_from("eu");
  border->set_to("us");
  border->set_messages(1);
  border->set_data_bytes(2);
  border->set_control_bytes(3);
  border->set_month_data_bytes(4);
  border->set_month_control_bytes(5);
  border->set_bytes_per_second(6.5);
  border->set_price_per_gb(.25);
  border->set_spent(7.5);
  border->set_expected(8.5);
  border->set_expected_last_day(9.5);
  border->set_budget(30);
  borders->add_borders()->set_spent(std::numeric_limits<double>::quiet_NaN());
  auto* topic = borders->add_topics();
  topic->set_topic("a/b");
  topic->set_to("us");
  topic->set_bytes(10);
  topic->set_excess(1);
  broker_.send(frame);
  const auto got = answer.get();
  ASSERT_TRUE(got.ok()) << got.status().to_string();
  EXPECT_TRUE(broker_.arrived(Frame::kQuery)[0].frame.query().has_borders());
  EXPECT_EQ(got->node_id, "02020202020202020202020202020202");
  EXPECT_EQ(got->region, "eu");
  const BorderInfo& first = got->borders.at(0);
  EXPECT_EQ(first.from, "eu");
  EXPECT_EQ(first.to, "us");
  EXPECT_EQ(first.messages, 1u);
  EXPECT_EQ(first.data_bytes, 2u);
  EXPECT_EQ(first.control_bytes, 3u);
  EXPECT_EQ(first.month_data_bytes, 4u);
  EXPECT_EQ(first.month_control_bytes, 5u);
  EXPECT_EQ(first.bytes_per_second, 6.5);
  EXPECT_EQ(first.price_per_gb, .25);
  EXPECT_EQ(first.spent, 7.5);
  EXPECT_EQ(first.expected, 8.5);
  EXPECT_EQ(first.expected_last_day, 9.5);
  EXPECT_EQ(first.budget, 30);
  EXPECT_EQ(got->borders.at(1).spent, 0) << "no amount";
  EXPECT_EQ(got->borders.at(1).budget, std::nullopt);
  EXPECT_EQ(got->topics.at(0).topic, "a/b");
  EXPECT_EQ(got->topics.at(0).to, "us");
  EXPECT_EQ(got->topics.at(0).bytes, 10u);
  EXPECT_EQ(got->topics.at(0).excess, 1u);
}

TEST_F(Queries, OfBordersThereAreNoneWhereThereIsNoTable) {
  auto answer = std::async(std::launch::async, [&] { return client_.borders(10s); });
  v1::BrokerFrame frame;
  frame.mutable_answer()->set_request(asked());
  frame.mutable_answer()->mutable_borders()->set_region("eu");
  broker_.send(frame);
  const auto got = answer.get();
  ASSERT_TRUE(got.ok());
  EXPECT_TRUE(got->borders.empty());
  EXPECT_TRUE(got->topics.empty());
}

/// The answer to a question about a tree in two regions with three subscribers each.
v1::BrokerFrame trees_of_two_regions(std::uint32_t request) {
  v1::BrokerFrame frame;
  frame.mutable_answer()->set_request(request);
  auto* tree = frame.mutable_answer()->mutable_tree();
  for (const char* region : {"eu", "us"}) {
    tree->add_nodes()->set_local_subscribers(1);
    tree->add_nodes()->set_local_subscribers(2);
    auto* part = tree->add_regions();
    part->set_region(region);
    part->set_answered(true);
    part->set_complete(true);
  }
  tree->set_complete(true);
  return frame;
}

TEST_F(Queries, AReachIsThatOfAllRegions) {
  auto answer = std::async(std::launch::async, [&] { return client_.reach("a/b", 10s); });
  broker_.send(trees_of_two_regions(asked()));
  const auto got = answer.get();
  ASSERT_TRUE(got.ok()) << got.status().to_string();
  EXPECT_EQ(got->subscribers, 6u);
  EXPECT_TRUE(got->complete);
  EXPECT_THAT(got->unheard, ElementsAre());
  EXPECT_FALSE(got->regions_unknown);
}

TEST_F(Queries, AReachNamesTheRegionsThatAreMissing) {
  auto answer = std::async(std::launch::async, [&] { return client_.reach("a/b", 10s); });
  v1::BrokerFrame frame = trees_of_two_regions(asked());
  auto* tree = frame.mutable_answer()->mutable_tree();
  tree->mutable_regions(1)->set_complete(false);
  tree->add_regions()->set_region("ap");
  tree->set_complete(false);
  tree->set_regions_unknown(true);
  broker_.send(frame);
  const auto got = answer.get();
  ASSERT_TRUE(got.ok());
  EXPECT_EQ(got->subscribers, 6u);
  EXPECT_FALSE(got->complete);
  EXPECT_THAT(got->unheard, ElementsAre("us", "ap"));
  EXPECT_TRUE(got->regions_unknown);
}

TEST_F(Queries, AReachThatNobodyTellsOfIsAnError) {
  EXPECT_EQ(client_.reach("t", 0ms).status().code(), StatusCode::kTimeout);
}

TEST_F(Queries, AreAnsweredWithinWhatTheBrokerSaidWhenItWelcomed) {
  ASSERT_TRUE(client_.wait_connected(10s).ok());
  EXPECT_EQ(client_.broker()->answers_within, 0ms) << "this one says nothing of it";
  FakeBroker slow({.answers_ms = 7'000});
  Client other({slow.endpoint()});
  ASSERT_TRUE(other.wait_connected(10s).ok());
  EXPECT_EQ(other.broker()->answers_within, 7s);
}

TEST_F(Queries, ARefusalIsTheAnswer) {
  auto answer = std::async(std::launch::async, [&] { return client_.tree("bad//topic", 10s); });
  v1::BrokerFrame frame;
  frame.mutable_refused()->set_request(asked());
  frame.mutable_refused()->set_code("invalid_argument");
  frame.mutable_refused()->set_message("no such name");
  broker_.send(frame);
  const auto got = answer.get();
  EXPECT_EQ(got.status().code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(got.status().message(), "no such name");
  EXPECT_THROW(got.value(), std::logic_error);
}

TEST_F(Queries, AnAnswerToAnotherQuestionIsNone) {
  auto answer = std::async(std::launch::async, [&] { return client_.tree("t", 100ms); });
  v1::BrokerFrame frame;
  frame.mutable_answer()->set_request(asked());
  frame.mutable_answer()->mutable_peers();
  broker_.send(frame);
  EXPECT_EQ(answer.get().status().code(), StatusCode::kTimeout);
}

TEST_F(Queries, TimeOutWhenTheBrokerIsSilent) {
  EXPECT_EQ(client_.peers(20ms).status().code(), StatusCode::kTimeout);
  EXPECT_EQ(client_.tree("t", 0ms).status().code(), StatusCode::kTimeout);
}

TEST(QueriesWithoutABroker, TimeOutWithTheReason) {
  Client client({"tcp://127.0.0.1:1"}, {.close_timeout = 0ms});
  const auto trip = client.ping(50ms);
  EXPECT_EQ(trip.status().code(), StatusCode::kTimeout);
  EXPECT_THAT(trip.status().message(), testing::HasSubstr("no answer in time"));
}

}  // namespace
}  // namespace phyllo::test
