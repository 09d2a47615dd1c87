#include "overlay/common_api.h"

#include <gtest/gtest.h>

#include "tests/overlay/samples.h"

namespace phyllo::overlay {
namespace {

/// Writes down every upcall; may change, redirect or stop what passes.
class Diary : public Application {
 public:
  Verdict forward(Time, Passing& passing, Effects&) override {
    passed.push_back(passing.next_hop.id());
    if (edit) passing.message.header += "!";
    if (redirect) passing.next_hop = *redirect;
    return verdict;
  }
  void deliver(Time, Key, const Contact&, AppMessage message, Effects&) override {
    delivered.push_back(message.header);
  }
  void received(Time, const Contact&, AppMessage message, Effects&) override {
    direct.push_back(message.header);
  }
  void undelivered(Time, const Undelivered& message, Effects&) override {
    lost.push_back(message.message.header);
  }
  void update(Time, const LeafSetChanged& change, Effects&) override {
    joined += change.joined.size();
    left += change.left.size();
  }

  bool edit = false;
  std::optional<Contact> redirect;
  Verdict verdict = Verdict::kPass;
  std::vector<NodeId> passed;
  std::vector<std::string> delivered, direct, lost;
  std::size_t joined = 0;
  std::size_t left = 0;
};

/// An application on a node at 80 that knows a neighbour at 90.
class CommonApiTest : public ::testing::Test {
 protected:
  CommonApiTest() {
    node_.start(now_, {}, out_);
    receive(neighbour_, Probe{1, {true, {node_.self()}, {}}});
    out_.clear();
  }
  void receive(const Contact& from, Message message) {
    node_.receive(now_, from, std::move(message), out_);
    api_.dispatch(now_, out_);
  }
  void route(std::uint8_t key, std::optional<Contact> first_hop = std::nullopt) {
    api_.route(now_, Key::at(at(key)), {"hello", {}}, out_, std::move(first_hop));
    api_.dispatch(now_, out_);
  }
  /// A message of somebody else on its way through this node.
  void arrive(std::uint8_t key) {
    const Contact origin = contact_at(0x70);
    receive(origin, Hop{3, ++number_, 1, Key::at(at(key)), origin, 1, AppMessage{"hello", {}}});
  }
  std::vector<std::pair<NodeId, std::string>> hops() {
    std::vector<std::pair<NodeId, std::string>> found;
    for (const Effect& effect : out_) {
      const auto* send = std::get_if<Send>(&effect);
      const Hop* hop = send ? std::get_if<Hop>(&send->message) : nullptr;
      if (hop) found.emplace_back(send->to.id(), std::get<AppMessage>(hop->cargo).header);
    }
    out_.clear();
    return found;
  }

  Time now_{};
  Effects out_;
  Diary diary_;
  Node node_{NodeConfig{}, contact_at(0x80), 1};
  CommonApi api_{node_, diary_};
  const Contact neighbour_ = contact_at(0x90);
  std::uint64_t number_ = 0;
};

using Hops = std::vector<std::pair<NodeId, std::string>>;

TEST_F(CommonApiTest, delivers_at_the_root_without_a_forward_upcall) {
  route(0x81);
  EXPECT_EQ(diary_.delivered, std::vector<std::string>{"hello"});
  EXPECT_TRUE(diary_.passed.empty());
}

TEST_F(CommonApiTest, asks_before_each_hop_at_the_origin_too) {
  route(0x91);
  EXPECT_EQ(diary_.passed, std::vector{at(0x90)});
  EXPECT_EQ(hops(), (Hops{{at(0x90), "hello"}}));
}

class UnlikeWendyAtTheApi : public CommonApiTest {};

/// The forward upcall edits a copy there.
TEST_F(UnlikeWendyAtTheApi, sends_on_what_the_forward_upcall_made_of_the_message) {
  diary_.edit = true;
  arrive(0x91);
  EXPECT_EQ(hops(), (Hops{{at(0x90), "hello!"}}));
}

TEST_F(CommonApiTest, goes_where_the_forward_upcall_sends_it) {
  diary_.redirect = contact_at(0xc0);
  arrive(0x91);
  EXPECT_EQ(hops(), (Hops{{at(0xc0), "hello"}}));
}

TEST_F(CommonApiTest, stops_what_the_forward_upcall_stops) {
  diary_.verdict = Verdict::kStop;
  arrive(0x91);
  EXPECT_TRUE(hops().empty());
  EXPECT_EQ(diary_.passed.size(), 1u);
}

TEST_F(CommonApiTest, takes_the_first_hop_it_is_given) {
  route(0x81, contact_at(0xc0));
  EXPECT_EQ(hops(), (Hops{{at(0xc0), "hello"}}));
}

TEST_F(CommonApiTest, hands_over_direct_messages) {
  receive(neighbour_, Direct{{"psst", {}}});
  EXPECT_EQ(diary_.direct, std::vector<std::string>{"psst"});
  api_.send(now_, neighbour_, {"answer", {}}, out_);
  ASSERT_EQ(out_.size(), 1u);
  EXPECT_TRUE(std::holds_alternative<Direct>(std::get<Send>(out_[0]).message));
}

TEST_F(CommonApiTest, tells_of_those_that_come_and_go) {
  EXPECT_EQ(diary_.joined, 1u);
  receive(neighbour_, Leaving{});
  EXPECT_EQ(diary_.left, 1u);
}

TEST_F(CommonApiTest, reports_what_crossed_too_many_links) {
  const Contact origin = contact_at(0x70);
  receive(origin, Hop{3, 1, 1, Key::at(at(0x91)), origin, 65, AppMessage{"tired", {}}});
  EXPECT_EQ(diary_.lost, std::vector<std::string>{"tired"});
}

TEST_F(CommonApiTest, knows_replica_sets_and_ranges) {
  const auto replicas = api_.replica_set(Key::at(at(0x8f)), 2);
  ASSERT_EQ(replicas.size(), 2u);
  EXPECT_EQ(replicas[0].id(), at(0x90));
  const auto range = api_.range(node_.self().id());
  ASSERT_TRUE(range);
  EXPECT_TRUE(range->contains(Key::at(at(0x80))));
  EXPECT_FALSE(range->contains(Key::at(at(0x90))));
  EXPECT_FALSE(api_.range(at(0x11)));
}

/// There it is lost when the application registered after the start.
TEST(UnlikeFreePastry, loses_nothing_that_arrives_before_the_node_is_active) {
  Node node(NodeConfig{}, contact_at(0x80), 1);
  Diary diary;
  CommonApi api(node, diary);
  Effects out;
  Time now{};
  node.start(now, {node.self().place().local, endpoint("tcp://other:1")}, out);
  const Contact origin = contact_at(0x70);
  node.receive(now, origin, Hop{3, 1, 1, Key(1), origin, 1, AppMessage{"early", {}}}, out);
  api.dispatch(now, out);
  EXPECT_TRUE(diary.delivered.empty());
  for (int i = 0; i < 40; ++i) {
    now += std::chrono::milliseconds(50);
    node.tick(now, out);
    api.dispatch(now, out);
  }
  EXPECT_EQ(diary.delivered, std::vector<std::string>{"early"});
}

}  // namespace
}  // namespace phyllo::overlay
