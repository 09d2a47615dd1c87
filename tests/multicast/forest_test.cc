#include "multicast/forest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>

#include "base/batch_body.h"
#include "multicast/codec.h"
#include "multicast/tree.h"

// What one forest says to whatever its peers say, word by word: rules that a whole tree keeps only
// because every node does.

namespace phyllo::multicast {
namespace {

using namespace std::chrono_literals;
using overlay::Contact;
using overlay::NodeId;
using overlay::Uint128;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const TopicName kNews = TopicName::parse("news").value();
const TopicId kTopic = TopicId::of(kNews);

Contact contact_at(Uint128 position, const std::string& host) {
  const auto endpoint = overlay::Endpoint::parse("tcp://" + host + ":1").value();
  return Contact(NodeId(position), 0, {"", endpoint, endpoint});
}

/// One forest whose world is this test: its node has two neighbours, of whom one is the root.
class ForestTest : public ::testing::Test {
 protected:
  explicit ForestTest(ForestConfig config = ForestConfig::lan()) : forest_(config, node_, 1) {
    overlay::Effects unseen;
    node_.start(now_, {}, unseen);
    for (const Contact& neighbour : {root_, other_}) {
      node_.receive(now_, neighbour, overlay::Probe{1, {true, {node_.self()}, {}}}, unseen);
    }
    forest_.leaf_set_changed(now_, out_);
    out_.clear();
  }

  void receive(const Contact& from, const Message& message) {
    forest_.received(now_, from, encode(message), out_);
  }
  /// A graft of this node on its way to the key.
  void pass_by(const Contact& from, const Graft& graft) {
    forest_.arrived(now_, {kTopic.key(), from, from, 1, false, encode(graft), {}}, out_);
  }
  void pass(Duration duration) {
    const Time end = now_ + duration;
    while (forest_.next_tick() <= end) {
      now_ = std::max(now_, forest_.next_tick());
      forest_.tick(now_, out_);
    }
    now_ = end;
  }
  template <class E>
  std::vector<E> taken() {
    std::vector<E> found;
    for (const Effect& effect : out_) {
      if (const auto* e = std::get_if<E>(&effect)) found.push_back(*e);
    }
    return found;
  }
  /// Messages of this kind sent to peers since the effects were cleared.
  template <class M>
  std::vector<std::pair<NodeId, M>> sent() {
    std::vector<std::pair<NodeId, M>> found;
    for (const SendDirect& send : taken<SendDirect>()) {
      const auto message = decode(send.message);
      if (const auto* m = std::get_if<M>(&*message)) found.emplace_back(send.to.id(), *m);
    }
    return found;
  }
  /// The attempts of the grafts sent toward the key.
  std::vector<Attempt> grafts() {
    std::vector<Attempt> attempts;
    for (const SendToward& send : taken<SendToward>()) {
      const auto message = decode(send.message);
      if (const auto* graft = std::get_if<Graft>(&*message)) attempts.push_back(graft->attempt);
    }
    return attempts;
  }
  Attempt subscribe() {
    EXPECT_TRUE(forest_.set_local_subscribers(now_, kNews, 1, out_));
    const auto attempts = grafts();
    EXPECT_THAT(attempts, SizeIs(1));
    out_.clear();
    return attempts.empty() ? 0 : attempts.back();
  }
  void unsubscribe() {
    EXPECT_TRUE(forest_.set_local_subscribers(now_, kNews, 0, out_));
    out_.clear();
  }
  Standing word(Attempt attempt, std::vector<NodeId> path, Sequence next = 1) {
    return {kTopic, attempt, true, std::move(path), StreamHead{{stream_, next}, {}}};
  }
  /// Subscribes and is adopted by `other_`, a child of the root.
  Attempt attach() {
    const Attempt attempt = subscribe();
    receive(other_, word(attempt, {root_.id(), other_.id()}));
    EXPECT_THAT(taken<SubscriptionLive>(), SizeIs(1));
    out_.clear();
    return attempt;
  }
  Data data(Sequence first, std::uint32_t count = 1, PublisherId publisher = 1) {
    BatchBodyWriter body;
    for (std::uint32_t i = 0; i < count; ++i) body.append("x");
    return {kTopic, {stream_, first, {publisher, first, count, body.take()}}};
  }

  Time now_ = Time{} + 1h;
  const Contact root_ = contact_at(kTopic.key().value(), "root");
  const Contact other_ = contact_at(kTopic.key().value() + (Uint128{1} << 120), "other");
  const Contact stranger_ = contact_at(kTopic.key().value() + (Uint128{1} << 121), "stranger");
  const NodeId self_{kTopic.key().value() + (Uint128{1} << 126)};
  const StreamId stream_{root_.id(), 0, 1};
  overlay::Node node_{overlay::NodeConfig{}, contact_at(self_.value(), "self"), 1};
  Forest forest_;
  Effects out_;
};

// --- the way up never leads through oneself ---

TEST_F(ForestTest, TakesNoParentWhosePathLeadsThroughThisNode) {
  const Attempt attempt = subscribe();
  receive(other_, word(attempt, {root_.id(), self_, other_.id()}));
  EXPECT_THAT(taken<SubscriptionLive>(), IsEmpty());
  EXPECT_THAT(sent<Prune>(), SizeIs(1)) << "so that it is not that one's child";
  EXPECT_EQ(forest_.stats().cycles_broken, 1u);
  out_.clear();
  pass(5s);
  EXPECT_FALSE(grafts().empty()) << "it looks for another one";
}

TEST_F(ForestTest, LeavesAParentWhosePathComesToLeadThroughThisNode) {
  const Attempt attempt = attach();
  receive(other_, word(attempt, {root_.id(), self_, stranger_.id(), other_.id()}));
  const auto prunes = sent<Prune>();
  ASSERT_THAT(prunes, SizeIs(1));
  EXPECT_EQ(prunes[0].first, other_.id());
  EXPECT_EQ(prunes[0].second.attempt, attempt);
  EXPECT_THAT(grafts(), SizeIs(1));
  EXPECT_FALSE(forest_.part_in(kNews)->parent);
}

TEST_F(ForestTest, TakesNoParentThatIsTooFarFromTheRoot) {
  const Attempt attempt = subscribe();
  std::vector<NodeId> path{root_.id()};
  while (path.size() + 1 < kMaxPath) path.push_back(NodeId(Uint128{path.size()}));
  path.push_back(other_.id());
  receive(other_, word(attempt, path));
  EXPECT_FALSE(forest_.part_in(kNews)->parent);
  path.erase(path.begin());
  unsubscribe();
  receive(other_, word(subscribe(), path));
  EXPECT_EQ(forest_.part_in(kNews)->parent, other_.id());
}

TEST_F(ForestTest, BelievesNoPathThatEndsElsewhereThanAtItsSender) {
  const Attempt attempt = subscribe();
  receive(other_, word(attempt, {root_.id(), stranger_.id()}));
  EXPECT_FALSE(forest_.part_in(kNews)->parent);
  EXPECT_EQ(forest_.stats().malformed, 1u);
}

TEST_F(ForestTest, RefusesAnAncestorThatAsksToBeItsChild) {
  attach();
  receive(root_, Graft{kNews, 77, 1});
  const auto dismissals = sent<Dismiss>();
  ASSERT_THAT(dismissals, SizeIs(1));
  EXPECT_EQ(dismissals[0].second.why, Dismiss::Why::kCycle);
  EXPECT_EQ(dismissals[0].second.attempt, 77u);
  EXPECT_THAT(forest_.part_in(kNews)->children, IsEmpty());
}

TEST_F(ForestTest, MakesWayForAnAncestorThatComesByOnItsWayToTheKey) {
  const Attempt attempt = attach();
  pass_by(other_, {kNews, 77, 1});
  const auto prunes = sent<Prune>();
  ASSERT_THAT(prunes, SizeIs(1));
  EXPECT_EQ(prunes[0].second.attempt, attempt);
  EXPECT_THAT(forest_.part_in(kNews)->children, ElementsAre(other_.id()));
  EXPECT_FALSE(forest_.part_in(kNews)->parent);
  EXPECT_THAT(grafts(), SizeIs(1));
}

TEST_F(ForestTest, AdoptsNobodyThatAsksItByNameWhileItHasNoParent) {
  subscribe();
  receive(other_, Graft{kNews, 77, 1});
  const auto dismissals = sent<Dismiss>();
  ASSERT_THAT(dismissals, SizeIs(1));
  EXPECT_EQ(dismissals[0].second.why, Dismiss::Why::kUnready);
  EXPECT_THAT(forest_.part_in(kNews)->children, IsEmpty());
}

// --- late words ---

TEST_F(ForestTest, TakesNoParentByTheAnswerToAnEarlierGraft) {
  const Attempt first = subscribe();
  unsubscribe();
  const Attempt second = subscribe();
  ASSERT_NE(first, second);
  receive(other_, word(first, {root_.id(), other_.id()}));
  EXPECT_FALSE(forest_.part_in(kNews)->parent);
  EXPECT_THAT(sent<Prune>(), SizeIs(1)) << "or that one had a child that is none";
  receive(root_, word(second, {root_.id()}));
  EXPECT_EQ(forest_.part_in(kNews)->parent, root_.id());
}

TEST_F(ForestTest, KeepsAChildWhosePruneItsNewGraftOvertook) {
  attach();
  pass_by(stranger_, {kNews, 9, 1});
  receive(stranger_, Prune{kTopic, 8});
  EXPECT_THAT(forest_.part_in(kNews)->children, ElementsAre(stranger_.id()));
  receive(stranger_, Prune{kTopic, 9});
  EXPECT_THAT(forest_.part_in(kNews)->children, IsEmpty());
}

TEST_F(ForestTest, TellsWhoThinksItsChildOrParentThatItIsNot) {
  receive(stranger_, Pulse{{}, {{kTopic, 1, false}}});
  ASSERT_THAT(sent<Dismiss>(), SizeIs(1));
  EXPECT_EQ(sent<Dismiss>()[0].second.why, Dismiss::Why::kUnknown);
  out_.clear();
  receive(stranger_, Pulse{{{kTopic, 1, 1}}, {}});
  EXPECT_THAT(sent<Prune>(), SizeIs(1));
  out_.clear();
  receive(stranger_, data(1));
  EXPECT_THAT(sent<Prune>(), SizeIs(1));
}

// --- numbers ---

TEST_F(ForestTest, DeliversNothingTwiceNorAnythingOfAStranger) {
  attach();
  receive(other_, data(1, 2));
  receive(other_, data(1, 2));
  receive(stranger_, data(3));
  const auto delivered = taken<Deliver>();
  ASSERT_THAT(delivered, SizeIs(1));
  EXPECT_EQ(delivered[0].batch.batch.count, 2u);
  EXPECT_EQ(forest_.stats().duplicate_messages, 2u);
  EXPECT_EQ(forest_.stats().foreign_batches, 1u);
}

TEST_F(ForestTest, ReportsAHoleBeforeWhatComesAfterIt) {
  attach();
  receive(other_, data(1));
  receive(other_, data(4));
  std::vector<std::string> seen;
  for (const Effect& effect : out_) {
    if (const auto* batch = std::get_if<Deliver>(&effect)) {
      seen.push_back(std::to_string(batch->batch.first));
    } else if (const auto* gap = std::get_if<DeliverGap>(&effect)) {
      if (gap->gap.publisher != 0) continue;  // the same hole in the publisher's numbers
      seen.push_back(std::to_string(gap->gap.first) + "-" + std::to_string(gap->gap.last));
    }
  }
  EXPECT_THAT(seen, ElementsAre("1", "2-3", "4"));
}

// --- silence, and words that do not fit together ---

TEST_F(ForestTest, GraftsAnewWhenItsParentFellSilent) {
  attach();
  pass(ForestConfig::lan().parent_timeout + 500ms);
  EXPECT_THAT(grafts(), SizeIs(::testing::Ge(1u)));
}

TEST_F(ForestTest, GraftsAnewWhenItsParentSpeaksButNeverOfThisTopic) {
  attach();
  for (Duration past{}; past < ForestConfig::lan().child_timeout + 1s; past += 100ms) {
    receive(other_, Pulse{});
    pass(100ms);
  }
  EXPECT_THAT(grafts(), SizeIs(::testing::Ge(1u)));
}

TEST_F(ForestTest, AsksForItsParentsWordWhenTheyDisagree) {
  attach();
  const auto agreed = digest({root_.id(), other_.id()}, stream_, true);
  receive(other_, Pulse{{{kTopic, agreed, 1}}, {}});
  EXPECT_THAT(sent<Pulse>(), IsEmpty());
  receive(other_, Pulse{{{kTopic, agreed + 1, 1}}, {}});
  ASSERT_THAT(sent<Pulse>(), SizeIs(1));
  EXPECT_TRUE(sent<Pulse>()[0].second.up.at(0).wants_standing);
}

TEST_F(ForestTest, LearnsFromAPulseThatTheLastMessagesWereLost) {
  attach();
  receive(other_, data(1));
  receive(other_, Pulse{{{kTopic, digest({root_.id(), other_.id()}, stream_, true), 4}}, {}});
  const auto gaps = taken<DeliverGap>();
  ASSERT_THAT(gaps, SizeIs(1));
  EXPECT_EQ(gaps[0].gap.first, 2u);
  EXPECT_EQ(gaps[0].gap.last, 3u);
  EXPECT_EQ(gaps[0].gap.why, Gap::Why::kMissed);
}

// --- a child's link that is full ---

TEST_F(ForestTest, TellsAChildInOneWordWhatItsLinkHadNoRoomFor) {
  attach();
  pass_by(stranger_, {kNews, 9, 1});
  for (const Sequence number : {1u, 2u}) {
    receive(other_, data(number));
    forest_.edge_full(now_, stranger_, encode(data(number)), out_);
    if (number == 1) out_.clear();
  }
  EXPECT_THAT(sent<Loss>(), SizeIs(1)) << "of the first, before the second was tried";
  forest_.edge_full(now_, stranger_, encode(sent<Loss>()[0].second), out_);
  out_.clear();
  receive(other_, data(3));
  const auto losses = sent<Loss>();
  Sequence told = 0;
  for (const auto& [to, loss] : losses) {
    EXPECT_EQ(to, stranger_.id());
    EXPECT_EQ(loss.gap.why, Gap::Why::kQueueLimit);
    told += loss.gap.last - loss.gap.first + 1;
  }
  EXPECT_EQ(told, 2u);
}

// --- publications ---

class NarrowForestTest : public ForestTest {
 protected:
  static ForestConfig narrow() {
    ForestConfig config = ForestConfig::lan();
    config.ingress_bytes_per_topic = 1000;
    config.ingress_bytes = 1500;
    return config;
  }
  NarrowForestTest() : ForestTest(narrow()) {}

  /// How many messages of a hundred bytes it takes.
  std::size_t room_for(const TopicName& topic) {
    for (Sequence number = 1; number < 100; ++number) {
      BatchBodyWriter body;
      body.append(std::string(100, 'x'));
      const auto taken = forest_.publish(now_, topic, {1, number, 1, body.take()}, out_);
      if (taken.ok()) continue;
      EXPECT_EQ(taken.error().code, ErrorCode::kQueueFull);
      return number - 1;
    }
    return 100;
  }
};

TEST_F(NarrowForestTest, KeepsABoundedNumberOfBytesForATopicAndForAllTogether) {
  const std::size_t one = room_for(kNews);
  EXPECT_GE(one, 5u);
  EXPECT_LE(one, 10u);
  const std::size_t other = room_for(TopicName::parse("weather").value());
  EXPECT_GE(other, 1u);
  EXPECT_LE(one + other, 15u);
  EXPECT_LE(forest_.stats().ingress_bytes, 1500u);
}

/// A topic whose root is this test's node.
class RootedForestTest : public ForestTest {
 protected:
  RootedForestTest() {
    for (int i = 0; !node_.is_root(TopicId::of(own_).key()); ++i) {
      own_ = TopicName::parse("own/" + std::to_string(i)).value();
    }
    EXPECT_TRUE(forest_.set_local_subscribers(now_, own_, 1, out_));
    pass(5s);
    out_.clear();
  }
  Publish publication(Attempt attempt, std::uint64_t index, Sequence number) {
    BatchBodyWriter body;
    body.append("x");
    return {TopicId::of(own_), attempt, index, {1, number, 1, body.take()}};
  }
  TopicName own_ = kNews;
};

TEST_F(RootedForestTest, NumbersNothingTwiceThatAPublisherSendsAgain) {
  receive(stranger_, publication(1, 0, 1));
  receive(stranger_, publication(2, 0, 1));
  receive(stranger_, publication(2, 1, 2));
  EXPECT_EQ(forest_.stats().rooted_messages, 2u);
  EXPECT_THAT(taken<Deliver>(), SizeIs(2));
}

TEST_F(RootedForestTest, HandsItsStreamOverWhenItLeaves) {
  receive(stranger_, publication(1, 0, 1));
  forest_.hand_over(now_, out_);
  const auto hand_overs = sent<HandOver>();
  ASSERT_THAT(hand_overs, SizeIs(1));
  EXPECT_EQ(hand_overs[0].second.stage, HandOver::Stage::kLeaves);
  EXPECT_EQ(hand_overs[0].second.ended.last, 1u);
}

}  // namespace
}  // namespace phyllo::multicast
