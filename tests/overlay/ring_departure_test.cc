#include <algorithm>
#include <chrono>
#include <set>

#include "tests/overlay/ring_expectations.h"

namespace phyllo::testing {
namespace {

using namespace std::chrono_literals;
using overlay::Key;
using overlay::NodeId;
using overlay::PeerLost;

/// The members in the order of their ids.
std::vector<StationId> ring_order(const Ring& ring) {
  std::vector<StationId> order = ring.running();
  std::sort(order.begin(), order.end(),
            [&](StationId a, StationId b) { return ring.id(a) < ring.id(b); });
  return order;
}

bool knows(const Ring& ring, StationId member, NodeId other) {
  const auto left = ring.node(member).left_leaves();
  const auto right = ring.node(member).right_leaves();
  const auto is = [&](const overlay::Contact& contact) { return contact.id() == other; };
  return std::any_of(left.begin(), left.end(), is) || std::any_of(right.begin(), right.end(), is);
}

/// How many members have it in their tables.
std::size_t tables_with(const Ring& ring, NodeId other) {
  const std::vector<StationId> members = ring.running();
  return std::count_if(members.begin(), members.end(), [&](StationId member) {
    const auto table = ring.node(member).routing_table();
    return std::any_of(table.begin(), table.end(),
                       [&](const overlay::Contact& contact) { return contact.id() == other; });
  });
}

TEST(RingDeparture, AGoodbyeIsKnownToTheNeighboursWithinOneTrip) {
  Ring ring(setup(1));
  ASSERT_TRUE(grown(ring, 30));
  const StationId leaver = ring_order(ring)[7];
  ring.leave(leaver);
  EXPECT_TRUE(settles(ring, 500ms));
  EXPECT_TRUE(works(ring));
}

/// The exit upcall is never called there, and removing stops at a node that is not in the table.
TEST(UnlikeWendy, EveryNeighbourTellsTheLayersAboveWhoIsGoneAndWhy) {
  for (const auto& [how, reasons] : std::vector<std::pair<Death, std::vector<PeerLost::Reason>>>{
           {Death::kGoodbye, {PeerLost::Reason::kLeft}},
           {Death::kReported, {PeerLost::Reason::kUnreachable, PeerLost::Reason::kSilent}},
           {Death::kSilent, {PeerLost::Reason::kSilent}}}) {
    Ring ring(setup(2));
    ASSERT_TRUE(grown(ring, 25));
    ring.run_for(100ms);  // what the newest said is heard before anybody dies
    const std::vector<StationId> order = ring_order(ring);
    const StationId gone = *std::min_element(order.begin(), order.end(), [&](auto a, auto b) {
      return tables_with(ring, ring.id(a)) < tables_with(ring, ring.id(b));
    });
    std::vector<StationId> neighbours = ring.active();
    std::erase_if(neighbours, [&](StationId m) { return !knows(ring, m, ring.id(gone)); });
    ASSERT_EQ(neighbours.size(), 16u);
    ASSERT_LT(tables_with(ring, ring.id(gone)), 12u) << "some know it as a leaf only";
    how == Death::kGoodbye ? ring.leave(gone) : ring.kill(gone, how);
    ASSERT_TRUE(settles(ring, 10s));
    for (const StationId member : neighbours) {
      int told = 0;
      for (const auto& [when, lost] : ring.member(member).lost()) {
        EXPECT_EQ(lost.peer.id(), ring.id(gone));
        EXPECT_NE(std::find(reasons.begin(), reasons.end(), lost.reason), reasons.end())
            << static_cast<int>(lost.reason);
        ++told;
      }
      EXPECT_EQ(told, 1) << "by #" << member;
      int changes = 0;
      for (const auto& change : ring.member(member).leaf_set_changes()) {
        changes += std::count(change.left.begin(), change.left.end(), ring.id(gone));
      }
      EXPECT_GE(changes, 1);
    }
  }
}

/// It reports failures that never were. Here messages get lost, links break, and two neighbours
/// stop hearing each other; that these two lose each other is all that happens.
TEST(UnlikeFreePastry, NobodyIsDeclaredLostWhoIsThere) {
  Ring ring(setup(3));
  ASSERT_TRUE(grown(ring, 30));
  ring.run_for(60s);
  ring.network().set_weather({.loss = 0.05});
  ring.run_for(30s);
  ring.network().set_weather({});
  const std::vector<StationId> order = ring_order(ring);
  for (std::size_t i = 0; i < order.size(); ++i) {
    ring.network().break_link(order[i], order[(i + 1 + i % 4) % order.size()]);
    ring.run_for(100ms);
  }
  EXPECT_EQ(losses(ring), "");

  ring.network().cut_both_ways(order[3], order[4]);
  ring.run_for(30s);
  const std::set<NodeId> apart{ring.id(order[3]), ring.id(order[4])};
  for (const StationId member : ring.running()) {
    for (const auto& [when, lost] : ring.member(member).lost()) {
      EXPECT_TRUE(apart.contains(ring.id(member)) && apart.contains(lost.peer.id()))
          << "#" << member << " lost " << lost.peer.id().short_hex();
    }
  }
}

class ShrinkingRing : public ::testing::TestWithParam<Death> {};

TEST_P(ShrinkingRing, StaysExactFromMoreThanALeafSetDownToOneNode) {
  Ring ring(setup(4));
  ASSERT_TRUE(grown(ring, 18));
  RingWatch watch(ring, 10ms);
  while (ring.running().size() > 1) {
    const StationId gone = ring.pick(ring.running());
    GetParam() == Death::kGoodbye ? ring.leave(gone) : ring.kill(gone, GetParam());
    EXPECT_TRUE(settles(ring, 10s)) << ring.running().size() << " left";
    EXPECT_TRUE(works(ring, 20)) << ring.running().size() << " left";
  }
  EXPECT_TRUE(nothing_in(watch.structures(), ring));
  // and it can grow again
  for (int i = 0; i < 3; ++i) ring.start(ring.add(), {ring.running().front()});
  EXPECT_TRUE(settles(ring, 20s));
  EXPECT_TRUE(works(ring));
}

INSTANTIATE_TEST_SUITE_P(, ShrinkingRing,
                         ::testing::Values(Death::kGoodbye, Death::kReported, Death::kSilent));

class RingAfterMassFailure
    : public ::testing::TestWithParam<std::tuple<int, Death, std::uint64_t>> {};

TEST_P(RingAfterMassFailure, SurvivorsFormOneExactRing) {
  const auto [percent, death, seed] = GetParam();
  Ring ring(setup(seed));
  ASSERT_TRUE(grown(ring, 60));
  ring.run_for(30s);
  RingWatch watch(ring, 20ms);
  const std::size_t survivors = 60 - 60 * static_cast<std::size_t>(percent) / 100;
  while (ring.running().size() > survivors) ring.kill(ring.pick(ring.running()), death);
  EXPECT_TRUE(settles(ring, 60s));
  EXPECT_TRUE(works(ring));
  EXPECT_TRUE(nothing_in(watch.structures(), ring));
}

INSTANTIATE_TEST_SUITE_P(, RingAfterMassFailure,
                         ::testing::Combine(::testing::Values(10, 30, 50, 80, 90),
                                            ::testing::Values(Death::kReported, Death::kSilent),
                                            ::testing::ValuesIn(seeds(1, 3))));

class RingWithDeadArc : public ::testing::TestWithParam<std::tuple<int, Death>> {};

/// Eight in a row are a whole half of a leaf set; the node next to them loses all it knew there.
TEST_P(RingWithDeadArc, ClosesTheGap) {
  const auto [length, death] = GetParam();
  Ring ring(setup(5 + length));
  ASSERT_TRUE(grown(ring, 50));
  ring.run_for(10s);
  RingWatch watch(ring, 20ms);
  const std::vector<StationId> order = ring_order(ring);
  for (int i = 0; i < length; ++i) ring.kill(order[20 + i], death);
  EXPECT_TRUE(settles(ring, 60s));
  EXPECT_TRUE(works(ring));
  EXPECT_TRUE(nothing_in(watch.structures(), ring));
}

INSTANTIATE_TEST_SUITE_P(, RingWithDeadArc,
                         ::testing::Combine(::testing::Values(7, 8, 9, 16, 20),
                                            ::testing::Values(Death::kReported, Death::kSilent)));

/// There such keys are without an owner for 30 to 50 seconds.
TEST(UnlikeFreePastry, AKeyHasARootAgainWithinTheDetectionTime) {
  for (const Death death : {Death::kReported, Death::kSilent}) {
    Ring ring(setup(6));
    ASSERT_TRUE(grown(ring, 40));
    const StationId gone = ring_order(ring)[11];
    const Key key = Key::at(ring.id(gone));
    ring.kill(gone, death);
    const auto& timers = ring.config().timers;
    // The neighbour that watches it finds out first; the others believe only their own probes.
    const Duration probing = timers.probe_attempts * timers.probe_timeout;
    const Duration detection =
        death == Death::kSilent ? timers.silence + 2 * probing + 300ms : probing + 300ms;
    const StationId heir = root_among(ring, ring.active(), key);
    EXPECT_TRUE(ring.run_until([&] { return ring.node(heir).is_root(key); }, detection));
  }
}

/// What was sent to a dead next hop is lost there.
TEST(UnlikeWendy, MessagesUnderWayToADeadHopGoAnotherWay) {
  for (const Death death : {Death::kReported, Death::kSilent}) {
    Ring ring(setup(7));
    ASSERT_TRUE(grown(ring, 60));
    ring.run_for(20s);
    const std::vector<StationId> order = ring_order(ring);
    std::vector<StationId> survivors = order;
    std::erase_if(survivors, [&](StationId m) { return m % 10 == 3; });
    for (int i = 0; i < 300; ++i) ring.route(ring.pick(survivors), ring.random_key());
    ring.run_for(1ms);
    for (const StationId member : order) {
      if (member % 10 == 3) ring.kill(member, death);
    }
    for (int i = 0; i < 300; ++i) ring.route(ring.pick(survivors), ring.random_key());
    ring.run_for(15s);
    Findings missing;
    for (std::size_t i = 0; i < ring.routed().size(); ++i) {
      const Routed& message = ring.routed()[i];
      if (!message.deliveries.empty()) continue;
      // What a node had acknowledged before it died is lost with it.
      if (message.path.back() % 10 == 3 || i < 300) continue;
      missing.push_back("message " + std::to_string(i) + " from #" + std::to_string(message.from) +
                        " was last seen at #" + std::to_string(message.path.back()));
    }
    EXPECT_TRUE(nothing_in(missing, ring));
    for (const Routed& message : ring.routed()) {
      for (const auto& delivery : message.deliveries) EXPECT_FALSE(delivery.closer);
    }
  }
}

TEST(RingDeparture, ALeavingNodeHandsOverWhatItHeld) {
  Ring ring(setup(8));
  ASSERT_TRUE(grown(ring, 40));
  ring.run_for(5s);
  const std::vector<StationId> order = ring_order(ring);
  for (int i = 0; i < 10; ++i) {
    for (int j = 0; j < 20; ++j) ring.route(order[20 + j % 20], ring.random_key());
    ring.leave(order[i]);
    ring.run_for(100ms);
  }
  EXPECT_TRUE(settles(ring, 10s));
  EXPECT_TRUE(works(ring));
}

TEST(RingDeparture, AllButOneMayLeaveAtOnce) {
  Ring ring(setup(9));
  ASSERT_TRUE(grown(ring, 25));
  std::vector<StationId> leavers = ring.running();
  leavers.erase(leavers.begin() + 12);
  for (const StationId member : leavers) ring.leave(member);
  EXPECT_TRUE(settles(ring, 20s));
  EXPECT_TRUE(works(ring));
}

TEST(RingDeparture, NothingIsSentAfterTheGoodbye) {
  Ring ring(setup(10));
  ASSERT_TRUE(grown(ring, 5));
  RingMember& leaver = ring.member(3);
  ring.network().call(3, [&](Time now) { leaver.leave(now); });
  EXPECT_EQ(leaver.node().state(), overlay::StateChanged::State::kLeft);
  EXPECT_EQ(leaver.node().next_tick(), kNever);
  const std::uint64_t sent = ring.network().messages_sent();
  ring.network().call(3, [&](Time now) {
    leaver.receive(now, ring.contact(1), {"", {}});
    leaver.tick(now + 10s);
    leaver.disconnected(now, ring.id(1));
    leaver.route(now, Key(1), 0);
    leaver.leave(now);
  });
  EXPECT_EQ(ring.network().messages_sent(), sent);
  EXPECT_TRUE(settles(ring, 5s));
}

}  // namespace
}  // namespace phyllo::testing
