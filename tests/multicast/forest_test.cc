#include "multicast/forest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>

#include "base/batch_body.h"
#include "tests/multicast/forest_fixture.h"

// What one forest says to whatever its peers say, word by word: rules that a whole tree keeps only
// because every node does.

namespace phyllo::multicast {
namespace {

using ::testing::_;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

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

// --- a tree that is kept for the children of a root that leaves ---

/// Named as the next root, and without a parent until nobody need be waited for any longer.
class HeirTest : public ForestTest {
 protected:
  HeirTest() {
    receive(root_, HandOver{kNews, 0, {stream_, 0}, 1, HandOver::Stage::kWillLeave});
    pass(ForestConfig::lan().child_timeout);
    EXPECT_EQ(forest_.stats().trees, 1u) << "it still searches";
  }
  void find_a_parent() {
    receive(other_, word(grafts().back(), {root_.id(), other_.id()}));
    ASSERT_TRUE(forest_.part_in(kNews)->parent.has_value());
    out_.clear();
    pass(0s);
  }
};

TEST_F(HeirTest, LetsGoOfATreeThatFindsAParentWhenNobodyNeedsItAnyMore) {
  find_a_parent();
  EXPECT_THAT(sent<Prune>(), ElementsAre(Pair(other_.id(), _)));
  EXPECT_EQ(forest_.stats().trees, 0u);
}

TEST_F(HeirTest, KeepsATreeThatFindsAParentWhenSomebodyWantsIt) {
  EXPECT_TRUE(forest_.set_local_subscribers(now_, kNews, 1, out_));
  find_a_parent();
  EXPECT_THAT(sent<Prune>(), IsEmpty());
  EXPECT_EQ(forest_.stats().trees, 1u);
  EXPECT_GT(forest_.next_tick(), now_) << "it was looked at";
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

}  // namespace
}  // namespace phyllo::multicast
