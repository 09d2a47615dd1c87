// The small parts: deadlines, the window at a root, the log of publishers, trees, the choice of
// children, peers.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "multicast/deadlines.h"
#include "multicast/peers.h"
#include "multicast/publish_window.h"
#include "multicast/publisher_log.h"
#include "multicast/tree.h"

namespace phyllo::multicast {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Optional;
using ::testing::Pair;
using Verdict = PublishWindow::Verdict;

const overlay::NodeId kBroker(7);

overlay::Contact contact(std::uint64_t id) { return {overlay::NodeId(id), 0, {}}; }

Tree make_tree() {
  const TopicName name = TopicName::parse("news").value();
  return {name, TopicId::of(name)};
}

TEST(Deadlines, ComeEarliestFirstAndOnce) {
  Deadlines<int> deadlines;
  EXPECT_EQ(deadlines.next(), kNever);
  deadlines.set(1, Time{} + 3s);
  deadlines.set(2, Time{} + 1s);
  deadlines.set(3, Time{} + 2s);
  deadlines.set(1, Time{} + 500ms);
  deadlines.cancel(3);
  EXPECT_EQ(deadlines.next(), Time{} + 500ms);
  EXPECT_THAT(deadlines.take_due(Time{} + 5s), ElementsAre(1, 2));
  EXPECT_THAT(deadlines.take_due(Time{} + 5s), IsEmpty());
}

TEST(PublishWindow, TakesBatchesInOrderOnly) {
  PublishWindow window;
  EXPECT_EQ(window.offer(kBroker, 5, 1), Verdict::kHole);
  EXPECT_EQ(window.offer(kBroker, 5, 0), Verdict::kNext);
  EXPECT_EQ(window.offer(kBroker, 5, 2), Verdict::kHole);
  EXPECT_EQ(window.offer(kBroker, 5, 1), Verdict::kNext);
  EXPECT_EQ(window.offer(kBroker, 5, 0), Verdict::kSeen);
  EXPECT_EQ(window.taken(kBroker, 5), 2u);
}

TEST(PublishWindow, BeginsAnewWithALaterAttemptAndNeverWithAnEarlierOne) {
  PublishWindow window;
  window.offer(kBroker, 5, 0);
  EXPECT_EQ(window.offer(kBroker, 6, 0), Verdict::kNext);
  EXPECT_EQ(window.offer(kBroker, 5, 1), Verdict::kHole);
  EXPECT_EQ(window.offer(kBroker, 4, 0), Verdict::kHole);
  EXPECT_EQ(window.taken(kBroker, 5), 0u);
}

TEST(PublishWindow, BeginsAnewWithAnyAttemptOfAnotherLife) {
  PublishWindow window;
  const Attempt later_life = Attempt{9} << kAttemptLifeShift;
  const Attempt earlier_life = Attempt{8} << kAttemptLifeShift;
  EXPECT_EQ(window.offer(kBroker, later_life + 5, 0), Verdict::kNext);
  EXPECT_EQ(window.offer(kBroker, earlier_life + 1, 0), Verdict::kNext);
  EXPECT_EQ(window.offer(kBroker, earlier_life + 1, 1), Verdict::kNext);
}

TEST(PublishWindow, LetsEverybodyBeginAnewWhenTheStreamEnds) {
  PublishWindow window;
  window.offer(kBroker, 5, 0);
  window.close();
  EXPECT_EQ(window.taken(kBroker, 5), 0u);
  EXPECT_EQ(window.offer(kBroker, 5, 1), Verdict::kHole);
  EXPECT_EQ(window.offer(kBroker, 5, 0), Verdict::kHole);
  EXPECT_EQ(window.offer(kBroker, 6, 0), Verdict::kNext);
  EXPECT_EQ(window.offer(kBroker, 6, 1), Verdict::kNext);
}

TEST(PublishWindow, ForgetsTheBrokerThatWasSilentLongest) {
  PublishWindow window;
  for (std::uint64_t id = 0; id <= PublishWindow::kCapacity; ++id) {
    window.offer(overlay::NodeId(id), 1, 0);
  }
  EXPECT_EQ(window.offer(overlay::NodeId(0), 1, 1), Verdict::kHole);
  EXPECT_EQ(window.offer(overlay::NodeId(1), 1, 1), Verdict::kNext);
}

TEST(PublishWindow, GoesOnWithTheFirstBrokerWhenAnotherOneComes) {
  PublishWindow window;
  const overlay::NodeId other(8);
  window.offer(kBroker, 5, 0);
  window.offer(kBroker, 5, 1);
  EXPECT_EQ(window.offer(other, 3, 0), Verdict::kNext);
  EXPECT_EQ(window.taken(kBroker, 5), 2u);
  EXPECT_EQ(window.offer(kBroker, 5, 1), Verdict::kSeen);
  EXPECT_EQ(window.offer(kBroker, 5, 2), Verdict::kNext);
  EXPECT_EQ(window.taken(other, 3), 1u);
  window.close();
  EXPECT_EQ(window.taken(kBroker, 5) + window.taken(other, 3), 0u);
}

TEST(PublisherLog, KnowsTheFirstPublisherWhenAnotherOneComes) {
  PublisherLog log;
  const auto at = [](auto time) { return Time{} + time; };
  log.note(at(0s), 1, 1, 5, {7, 0, 0});
  EXPECT_FALSE(log.note(at(1s), 2, 1, 1, {}).known);
  EXPECT_EQ(log.size(), 2u);
  const PublisherLog::Entry again = log.note(at(2s), 1, 4, 6, {});
  EXPECT_TRUE(again.known);
  EXPECT_EQ(again.seen, 2u);
  EXPECT_EQ(again.mark.tag, 7u);
  EXPECT_EQ(again.heard, at(0s));
  EXPECT_THAT(log.note(at(3s), 1, 12, 1, {}).missing, Optional(Pair(10u, 11u)));
}

TEST(PublisherLog, ForgetsAnOnlyPublisherThatWasSilentTooLong) {
  PublisherLog log;
  log.note(Time{}, 1, 1, 5, {});
  EXPECT_TRUE(log.note(Time{} + PublisherLog::kIdle, 1, 6, 1, {}).known);
  EXPECT_FALSE(log.note(Time{} + 2 * PublisherLog::kIdle + 1s, 1, 7, 1, {}).known);
  EXPECT_EQ(log.size(), 1u);
}

TEST(PublisherLog, ForgetsWhoWasSilentLongest) {
  PublisherLog log;
  for (PublisherId id = 1; id <= PublisherLog::kCapacity + 1; ++id) log.note(Time{}, id, 1, 1, {});
  EXPECT_EQ(log.size(), PublisherLog::kCapacity);
  EXPECT_TRUE(log.note(Time{}, 2, 2, 1, {}).known);
  EXPECT_FALSE(log.note(Time{}, 1, 2, 1, {}).known);
}

RC_GTEST_PROP(PublishWindowModel, NumbersTakenOfAnAttemptHaveNoHoles, ()) {
  PublishWindow window;
  std::map<Attempt, std::uint64_t> expected;
  Attempt newest = 0;
  const auto offers = *rc::gen::container<std::vector<std::pair<unsigned, unsigned>>>(
      rc::gen::pair(rc::gen::inRange(1u, 4u), rc::gen::inRange(0u, 5u)));
  for (const auto& [attempt, index] : offers) {
    const bool next =
        attempt >= newest && index == expected[attempt] && (attempt == newest || index == 0);
    const auto verdict = window.offer(kBroker, attempt, index);
    RC_ASSERT((verdict == Verdict::kNext) == next);
    if (next) {
      newest = attempt;
      ++expected[attempt];
    }
  }
}

TEST(Tree, CountsItsWholeSubtree) {
  Tree tree = make_tree();
  tree.local_subscribers = 2;
  tree.children().emplace(overlay::NodeId(1), Child{contact(1), 1, 5, {}, false, {}});
  tree.children().emplace(overlay::NodeId(2), Child{contact(2), 1, 6, {}, false, {}});
  EXPECT_EQ(tree.subscribers(), 13u);
}

TEST(Tree, KnowsWhoIsAboveItAndWhoseDataIsWelcome) {
  Tree tree = make_tree();
  EXPECT_FALSE(tree.welcomes(overlay::NodeId(2)));
  tree.attach({contact(2), 1, {overlay::NodeId(1), overlay::NodeId(2)}, true, {}, {}});
  EXPECT_TRUE(tree.below(overlay::NodeId(1)));
  EXPECT_TRUE(tree.below(overlay::NodeId(2)));
  EXPECT_FALSE(tree.below(overlay::NodeId(3)));
  EXPECT_TRUE(tree.welcomes(overlay::NodeId(2)));
  EXPECT_FALSE(tree.welcomes(overlay::NodeId(1)));
  EXPECT_THAT(tree.path_through(overlay::NodeId(3)),
              ElementsAre(overlay::NodeId(1), overlay::NodeId(2), overlay::NodeId(3)));
  Seeking seeking;
  seeking.previous = contact(2);
  tree.seek(seeking);
  EXPECT_TRUE(tree.welcomes(overlay::NodeId(2)));
  EXPECT_FALSE(tree.live());
}

TEST(Tree, DigestsDifferInPathStreamAndLife) {
  const std::vector<overlay::NodeId> path{overlay::NodeId(1), overlay::NodeId(2)};
  const StreamId stream{overlay::NodeId(1), 0, 1};
  const auto whole = digest(path, stream, true);
  EXPECT_EQ(whole, digest(path, stream, true));
  EXPECT_NE(whole, digest({path.rbegin(), path.rend()}, stream, true));
  EXPECT_NE(whole, digest(path, StreamId{overlay::NodeId(1), 0, 2}, true));
  EXPECT_NE(whole, digest(path, std::nullopt, true));
  EXPECT_NE(whole, digest(path, stream, false));
}

TEST(Peers, LastAsLongAsThereIsAnEdge) {
  const TopicId a = TopicId::of(TopicName::parse("a").value());
  const TopicId b = TopicId::of(TopicName::parse("b").value());
  Peers peers(250ms, Random(1));
  peers.add_child({}, contact(1), a);
  peers.add_parent({}, contact(1), b);
  EXPECT_NE(peers.next(), kNever);
  peers.drop_child(overlay::NodeId(1), a);
  EXPECT_NE(peers.find(overlay::NodeId(1)), nullptr);
  peers.drop_parent(overlay::NodeId(1), b);
  EXPECT_EQ(peers.find(overlay::NodeId(1)), nullptr);
  EXPECT_EQ(peers.next(), kNever);
}

}  // namespace
}  // namespace phyllo::multicast
