// Trees with nothing going on are put to rest in little room; nobody can tell.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "base/batch_body.h"
#include "multicast/codec.h"
#include "multicast/forest.h"
#include "multicast/trees.h"

namespace phyllo::multicast {
namespace {

using namespace std::chrono_literals;
using ::testing::SizeIs;

const overlay::NodeId kSelf(9);
const TopicName kNews = TopicName::parse("news").value();
const TopicId kTopic = TopicId::of(kNews);
const Time kNow = Time{} + 1h;

Tree quiet_tree() {
  Tree tree(kNews, kTopic);
  Rooted rooted;
  rooted.position = {{kSelf, 4, 5}, 1};
  rooted.settled = kNow;
  tree.tracker.follow(kNow - 7s, rooted.head(), Gap::Why::kMissed);
  tree.take_root(std::move(rooted));
  tree.local_subscribers = 3;
  tree.attended = true;
  return tree;
}

Batch batch(PublisherId publisher) {
  BatchBodyWriter body;
  body.append("x");
  return {publisher, 1, 1, body.take()};
}

TEST(RestingTree, IsTheSameTreeWhenItAwakes) {
  for (const Gate gate : {Gate::kOpen, Gate::kClosed}) {
    Tree tree = quiet_tree();
    tree.rooted()->gate = gate;
    const auto resting = RestingTree::of(tree);
    ASSERT_NE(resting, nullptr);
    const Tree awoken = resting->awaken(kSelf);
    EXPECT_EQ(awoken.name(), kNews);
    EXPECT_EQ(awoken.id(), kTopic);
    EXPECT_EQ(awoken.head(), tree.head());
    EXPECT_EQ(*awoken.tracker.position(), *tree.tracker.position());
    EXPECT_EQ(awoken.tracker.since(), kNow - 7s);
    EXPECT_EQ(awoken.rooted()->settled, tree.rooted()->settled);
    EXPECT_EQ(awoken.gate(), gate);
    EXPECT_EQ(awoken.local_subscribers, 3u);
    EXPECT_TRUE(awoken.attended);
    EXPECT_TRUE(awoken.quiet());
  }
}

TEST(RestingTree, KeepsTheLongestName) {
  const TopicName name = TopicName::parse(std::string(TopicName::kMaxBytes, 'n')).value();
  Tree tree(name, TopicId::of(name));
  const Tree quiet = quiet_tree();
  tree.tracker = quiet.tracker;
  tree.take_root(*quiet.rooted());
  tree.local_subscribers = 1;
  EXPECT_EQ(RestingTree::of(tree)->name(), name);
}

TEST(RestingTree, IsNoneWhereMoreIsGoingOn) {
  const overlay::Contact peer(overlay::NodeId(1), 0, {});
  const std::vector<std::pair<const char*, std::function<void(Tree&)>>> cases{
      {"no subscribers", [](Tree& tree) { tree.local_subscribers = 0; }},
      {"too many", [](Tree& tree) { tree.local_subscribers = std::uint64_t{1} << 32; }},
      {"another stream before",
       [](Tree& tree) {
         tree.rooted()->previous = StreamEnd{{kSelf, 4, 4}, 7};
       }},
      {"publishers seen", [](Tree& tree) { tree.rooted()->numbered.take(kNow, 1, 1, 1); }},
      {"messages numbered", [](Tree& tree) { tree.rooted()->position.next = 2; }},
      {"messages read",
       [](Tree& tree) {
         tree.tracker.read(kNow, {{kSelf, 4, 5}, 1, batch(1)});
       }},
      {"a child",
       [&](Tree& tree) {
         tree.children().emplace(peer.id(), Child{peer, 1, 1, {}, false, {}});
       }},
      {"a child that leaves",
       [&](Tree& tree) {
         tree.departing.insert_or_assign(peer.id(), {peer, kNow});
       }},
      {"somebody to be told", [](Tree& tree) { tree.awaiting = true; }},
      {"a publishing broker", [](Tree& tree) { tree.window.offer(kSelf, 1, 0); }},
      {"an end to hand over", [](Tree& tree) { tree.inherited = StreamEnd{}; }},
      {"an heir", [](Tree& tree) { tree.bequest.emplace(); }},
      {"an inheritance", [&](Tree& tree) { tree.heir_of = peer; }},
      {"children on their way", [](Tree& tree) { tree.kept_until = kNow + 1s; }},
      {"publishers in the region", [](Tree& tree) { tree.used_until = kNow + 1s; }},
      {"a search", [](Tree& tree) { tree.seek({}); }},
      {"a parent",
       [&](Tree& tree) {
         tree.attach({peer, 1, {}, true, kNow, {}});
       }},
  };
  for (const auto& [what, happens] : cases) {
    Tree tree = quiet_tree();
    happens(tree);
    EXPECT_EQ(RestingTree::of(tree), nullptr) << what;
  }
}

TEST(Trees, RestWhenTheyMayAndAwakeWhenAskedFor) {
  Trees trees(kSelf, 1);
  trees.add(kNews, kTopic) = quiet_tree();
  trees.rest([](const TopicId&) { return false; });
  EXPECT_EQ(trees.resting(), 0u) << "there was a reason not to";
  for (int calls = 0; calls < 100 && trees.resting() == 0; ++calls) {
    trees.rest([](const TopicId&) { return true; });
  }
  EXPECT_EQ(trees.resting(), 1u) << "everybody has a turn";
  EXPECT_EQ(trees.size(), 1u);
  ASSERT_NE(trees.find_resting(kTopic), nullptr);
  EXPECT_EQ(trees.find_resting(kTopic)->local_subscribers(), 3u);

  ASSERT_NE(trees.find(kTopic), nullptr);
  EXPECT_EQ(trees.resting(), 0u);
  EXPECT_EQ(trees.size(), 1u);
  trees.erase(kTopic);
  EXPECT_EQ(trees.size(), 0u);
}

TEST(Trees, AreGoneWhereTheyRestedToo) {
  Trees trees(kSelf, 1);
  trees.add(kNews, kTopic) = quiet_tree();
  trees.rest([](const TopicId&) { return true; });
  trees.erase(kTopic);
  EXPECT_EQ(trees.size(), 0u);
  EXPECT_EQ(trees.find(kTopic), nullptr);
}

/// A node on its own is the root of everything.
class RestingForest : public ::testing::Test {
 protected:
  RestingForest() {
    overlay::Effects unseen;
    node_.start(now_, {}, unseen);
    while (!node_.active()) {
      now_ = std::max(now_, node_.next_tick());
      node_.tick(now_, unseen);
    }
    forest_.leaf_set_changed(now_, out_);
    now_ += 10s;
  }
  void subscribe(std::uint64_t count) {
    EXPECT_TRUE(forest_.set_local_subscribers(now_, kNews, count, out_));
    forest_.flush(now_, out_);
    forest_.rest();
  }
  template <class E>
  std::vector<E> taken() {
    std::vector<E> found;
    for (const Effect& effect : std::exchange(out_, {})) {
      if (const auto* e = std::get_if<E>(&effect)) found.push_back(*e);
    }
    return found;
  }

  Time now_ = kNow;
  overlay::Node node_{overlay::NodeConfig{}, overlay::Contact(kSelf, 2, {}), 1};
  Forest forest_{ForestConfig::lan(), node_, 1};
  Effects out_;
};

TEST_F(RestingForest, GoesOnWithTheStreamThatWasPromised) {
  subscribe(1);
  const auto first = taken<SubscriptionLive>();
  ASSERT_THAT(first, SizeIs(1));
  subscribe(2);
  const auto second = taken<SubscriptionLive>();
  ASSERT_THAT(second, SizeIs(1));
  EXPECT_EQ(second[0].position, first[0].position);

  EXPECT_TRUE(forest_.publish(now_, kNews, TopicId::of(kNews), batch(1), out_));
  while (forest_.next_tick() <= now_) forest_.tick(now_, out_);
  forest_.flush(now_, out_);
  const auto delivered = taken<Deliver>();
  ASSERT_THAT(delivered, SizeIs(1));
  EXPECT_EQ(delivered[0].batch.stream, first[0].position.stream);
  EXPECT_EQ(delivered[0].batch.first, 1u);
}

TEST_F(RestingForest, CountsAndDescribesWhatRests) {
  subscribe(2);
  EXPECT_EQ(forest_.stats().trees, 1u);
  EXPECT_EQ(forest_.stats().rooted_trees, 1u);
  EXPECT_EQ(forest_.stats().resting_trees, 1u);
  EXPECT_EQ(forest_.name_of(kTopic), kNews);
  const auto part = forest_.part_in(kNews);
  ASSERT_TRUE(part.has_value());
  EXPECT_TRUE(part->root);
  EXPECT_EQ(part->local_subscribers, 2u);
  EXPECT_EQ(part->subtree_subscribers, 2u);
  forest_.lower_local_subscribers(now_, kTopic, 0, out_);
  EXPECT_EQ(forest_.stats().trees, 0u);
  EXPECT_FALSE(forest_.part_in(kNews).has_value());
}

TEST_F(RestingForest, IsHandedOverToACloserNode) {
  subscribe(1);
  const StreamPosition promised = taken<SubscriptionLive>().at(0).position;
  overlay::Effects unseen;
  const auto endpoint = overlay::Endpoint::parse("tcp://h:1").value();
  const overlay::Contact closer(overlay::NodeId(kTopic.key().value()), 0, {"", endpoint, endpoint});
  node_.receive(now_, closer, overlay::Probe{1, {true, {node_.self()}, {}}}, unseen);
  forest_.leaf_set_changed(now_, out_);
  const auto routed = taken<SendToward>();
  ASSERT_THAT(routed, SizeIs(1));
  const auto message = decode(routed[0].message);
  const auto* hand_over = std::get_if<HandOver>(&*message);
  ASSERT_NE(hand_over, nullptr);
  EXPECT_EQ(hand_over->topic, kNews);
  EXPECT_EQ(hand_over->ended, (StreamEnd{promised.stream, 0}));
  EXPECT_EQ(hand_over->subscribers, 1u);
}

}  // namespace
}  // namespace phyllo::multicast
