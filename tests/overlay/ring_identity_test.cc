#include <algorithm>
#include <chrono>

#include "overlay/codec.h"
#include "tests/overlay/ring_expectations.h"

namespace phyllo::testing {
namespace {

using namespace std::chrono_literals;
using overlay::Key;
using overlay::NodeId;
using State = overlay::StateChanged::State;

class SeededIdentity : public SeededRing {};

/// Its peers still hold the entry of the life before.
TEST_P(SeededIdentity, ANodeThatRestartsBeforeItsDeathWasNoticedIsBackInALaterLife) {
  Ring ring(setup(seed()));
  ASSERT_TRUE(grown(ring, 3 + seed() % 25));
  for (const Death death : {Death::kSilent, Death::kReported}) {
    const StationId member = ring.pick(ring.running());
    std::vector<StationId> others = ring.running();
    std::erase(others, member);
    const overlay::Incarnation before = ring.node(member).self().incarnation();
    ring.kill(member, death);
    ring.run_for(Duration(ring.random().below(300'000'000)));
    ring.start(member, {ring.pick(others)});
    EXPECT_TRUE(settles(ring, 20s));
    EXPECT_GT(ring.node(member).self().incarnation(), before);
    EXPECT_TRUE(works(ring));
  }
}

TEST_P(SeededIdentity, ANodeThatRestartsAfterItsDeathWasNoticedIsBack) {
  Ring ring(setup(seed() + 1000));
  ASSERT_TRUE(grown(ring, 3 + seed() % 25));
  for (const Death death : {Death::kSilent, Death::kReported, Death::kGoodbye}) {
    const StationId member = ring.pick(ring.running());
    death == Death::kGoodbye ? ring.leave(member) : ring.kill(member, death);
    ring.run_for(5s);
    ring.start(member, {ring.pick(ring.active())});
    EXPECT_TRUE(settles(ring, 20s));
    EXPECT_TRUE(works(ring));
  }
}

TEST_P(SeededIdentity, ANodeMayComeBackOnAnotherHost) {
  Ring ring(setup(seed() + 2000));
  ASSERT_TRUE(grown(ring, 12));
  for (int i = 0; i < 4; ++i) {
    const StationId old = ring.pick(ring.running());
    ring.kill(old, i % 2 == 0 ? Death::kSilent : Death::kReported);
    ring.run_for(i < 2 ? 50ms : 5s);
    const StationId next = ring.add(ring.id(old));
    ring.start(next, {ring.pick(ring.active())});
    EXPECT_TRUE(settles(ring, 30s));
    EXPECT_TRUE(works(ring));
  }
}

TEST_P(SeededIdentity, AnotherNodeMayTakeOverAnAddress) {
  Ring ring(setup(seed() + 3000));
  ASSERT_TRUE(grown(ring, 12));
  const StationId gone = ring.pick(ring.running());
  ring.kill(gone, Death::kSilent);
  ring.rename(gone, NodeId::random(ring.random()));
  ring.start(gone, {ring.pick(ring.active())});
  EXPECT_TRUE(settles(ring, 30s));
  EXPECT_TRUE(works(ring));
}

/// The second is refused, the first is not harmed.
TEST_P(SeededIdentity, OfTwoHostsWithOneIdExactlyOneResignsAndSaysWhy) {
  Ring ring(setup(seed() + 4000));
  ASSERT_TRUE(grown(ring, 2 + seed() % 25));
  const StationId holder = ring.pick(ring.running());
  std::vector<StationId> others = ring.running();
  if (seed() % 2 == 0) std::erase(others, holder);
  const StationId twin = ring.add(ring.id(holder));
  ring.start(twin, {ring.pick(others)});
  ASSERT_TRUE(ring.run_until([&] { return ring.node(twin).state() == State::kResigned; }, 20s))
      << ring.report();
  EXPECT_FALSE(ring.member(twin).states().back().second.reason.empty());
  EXPECT_TRUE(ring.node(holder).active());
  EXPECT_TRUE(settles(ring, 20s));
  EXPECT_TRUE(works(ring));
}

TEST_P(SeededIdentity, OfTwoHostsWithOneIdThatStartTogetherExactlyOneResigns) {
  Ring ring(setup(seed() + 5000));
  ASSERT_TRUE(grown(ring, 1 + seed() % 12));
  const std::vector<StationId> inside = ring.running();
  const NodeId id = NodeId::random(ring.random());
  const std::vector<StationId> twins{ring.add(id), ring.add(id)};
  for (const StationId twin : twins) {
    ring.start(twin, {ring.pick(inside)});
    ring.run_for(Duration(ring.random().below(20'000'000)));
  }
  const auto resigned = [&] {
    return std::count_if(twins.begin(), twins.end(), [&](StationId twin) {
      return ring.node(twin).state() == State::kResigned;
    });
  };
  EXPECT_TRUE(ring.run_until([&] { return resigned() == 1; }, 30s)) << ring.report();
  ring.run_for(20s);
  EXPECT_EQ(resigned(), 1);
  EXPECT_TRUE(settles(ring, 20s));
  EXPECT_TRUE(works(ring));
}

/// Each of them is active in a ring of its own until the rings meet.
TEST_P(SeededIdentity, OfTwoHostsWithOneIdInTwoHealingRingsExactlyOneResigns) {
  Ring ring(setup(seed() + 6000));
  ASSERT_TRUE(grown(ring, 10));
  for (StationId member = 5; member < 10; ++member) ring.network().put_on_side(member, 1);
  ring.run_for(8s);
  const NodeId id = NodeId::random(ring.random());
  const StationId one = ring.add(id);
  const StationId two = ring.add(id);
  ring.network().put_on_side(two, 1);
  ring.start(one, {0});
  ring.start(two, {7});
  ASSERT_TRUE(
      ring.run_until([&] { return ring.node(one).active() && ring.node(two).active(); }, 20s));
  ring.network().mend_all();
  const auto resigned = [&] {
    return (ring.node(one).state() == State::kResigned) +
           (ring.node(two).state() == State::kResigned);
  };
  EXPECT_TRUE(ring.run_until([&] { return resigned() == 1; }, 60s)) << ring.report();
  EXPECT_TRUE(settles(ring, 60s));
  EXPECT_EQ(resigned(), 1);
  EXPECT_TRUE(works(ring));
}

TEST_P(SeededIdentity, AllNodesMayRestartOneAfterTheOther) {
  Ring ring(setup(seed() + 7000));
  ASSERT_TRUE(grown(ring, 8));
  for (StationId member = 0; member < 8; ++member) {
    const StationId via = (member + 1) % 8;
    member % 2 == 0 ? ring.leave(member) : ring.kill(member, Death::kReported);
    ring.run_for(Duration(ring.random().below(1'000'000'000)));
    ring.start(member, {via});
    ASSERT_TRUE(settles(ring, 20s)) << "after the restart of #" << member;
  }
  EXPECT_TRUE(works(ring));
}

INSTANTIATE_TEST_SUITE_P(, SeededIdentity, ::testing::ValuesIn(seeds(1, 6)), seed_name);

TEST(RingIdentity, ARestartInEveryMomentOfAJoinIsNoProblem) {
  Ring ring(setup(1));
  ASSERT_TRUE(grown(ring, 8));
  const StationId member = ring.add();
  for (int i = 0; i < 15; ++i) {
    ring.start(member, {static_cast<StationId>(i % 8)});
    ring.run_for(i * 3ms);
    ring.kill(member, i % 2 == 0 ? Death::kSilent : Death::kReported);
  }
  ring.start(member, {0});
  EXPECT_TRUE(settles(ring, 20s));
  EXPECT_TRUE(works(ring));
}

TEST(RingIdentity, TheWholeClusterMayCrashAndStartAgainAtOnce) {
  Ring ring(setup(2));
  ASSERT_TRUE(grown(ring, 9));
  for (const StationId member : ring.running()) ring.kill(member, Death::kReported);
  ring.run_for(1s);
  for (StationId member = 0; member < 9; ++member) ring.start(member, {0, 1, 2});
  EXPECT_TRUE(settles(ring, 60s));
  EXPECT_TRUE(works(ring));
}

/// What was said long ago, by somebody who is no more, in a life that is over.
TEST(RingIdentity, StaleProbeRepliesAndMessagesOfEarlierLivesChangeNothing) {
  Ring ring(setup(3));
  ASSERT_TRUE(grown(ring, 20));
  const StationId gone = 5;
  const overlay::Contact old = ring.node(gone).self();
  ring.kill(gone, Death::kReported);
  ASSERT_TRUE(settles(ring, 10s));
  const overlay::LeafSetState state{.active = true, .leaves = {old}, .failed = {}};
  const auto to_all = [&](const overlay::Contact& from, const overlay::Message& message) {
    for (const StationId member : ring.running()) {
      RingMember& process = ring.member(member);
      ring.network().call(member,
                          [&](Time now) { process.receive(now, from, overlay::encode(message)); });
    }
  };
  to_all(ring.contact(3), overlay::ProbeReply{12345, state});
  to_all(ring.contact(3), overlay::ProbeReply{0, {.active = true, .leaves = {}, .failed = {}}});
  EXPECT_TRUE(nothing_in(check_leaf_sets(ring, ring.running()), ring));
  to_all(ring.contact(3), overlay::Pong{12345, true});
  to_all(ring.contact(3), overlay::HopAck{1, 1});
  to_all(ring.contact(3), overlay::JoinAccepted{1, {old}, {old}});
  to_all(ring.contact(3), overlay::JoinRefused{});
  to_all(ring.contact(3), overlay::Answer{});
  EXPECT_TRUE(nothing_in(check_leaf_sets(ring, ring.running()), ring));
  EXPECT_TRUE(settles(ring, 10s));
  EXPECT_TRUE(works(ring));

  const overlay::Contact first = ring.node(7).self();
  ring.kill(7, Death::kReported);
  ring.start(7, {0});
  ASSERT_TRUE(settles(ring, 20s));
  to_all(first, overlay::Probe{1, state});
  to_all(first, overlay::Heartbeat{true});
  to_all(first, overlay::Leaving{});
  EXPECT_TRUE(settles(ring, 10s));
  EXPECT_TRUE(works(ring));
}

/// Never believe hearsay: of a death as little as of a life.
TEST(RingIdentity, RumoursOfDeathsAndOfUnknownNodesAreCheckedAndNotBelieved) {
  Ring ring(setup(4));
  ASSERT_TRUE(grown(ring, 20));
  RingWatch watch(ring, 1ms);
  overlay::LeafSetState rumour{.active = true, .leaves = {}, .failed = {}};
  for (const StationId member : ring.running()) {
    if (member != 3) rumour.failed.push_back({ring.id(member), 0});
  }
  for (int i = 0; i < 20; ++i) rumour.leaves.push_back(ring.contact(ring.add()));
  for (const StationId member : ring.running()) {
    if (member == 3) continue;
    ring.network().call(member, [&](Time now) {
      ring.member(member).receive(now, ring.contact(3),
                                  overlay::encode(overlay::Probe{99, rumour}));
    });
  }
  EXPECT_TRUE(nothing_in(check_leaf_sets(ring, ring.running()), ring));
  ring.run_for(10s);
  EXPECT_TRUE(settles(ring, 1s));
  EXPECT_EQ(losses(ring), "");
  EXPECT_TRUE(nothing_in(watch.claims(), ring));
}

TEST(RingIdentity, DuplicatedMessagesChangeNothing) {
  Ring ring(setup(5));
  ring.network().set_weather({.duplication = 0.4});
  ASSERT_TRUE(grown(ring, 20));
  EXPECT_TRUE(works(ring, 200));
  ring.kill(4, Death::kSilent);
  EXPECT_TRUE(settles(ring, 20s));
  EXPECT_TRUE(works(ring, 200));
  ring.network().set_weather({.duplication = 0.4, .spike_chance = 0.1, .spike = 300ms});
  for (int i = 0; i < 5; ++i) ring.start(ring.add(), {static_cast<StationId>(10 + i)});
  EXPECT_TRUE(settles(ring, 30s));
}

}  // namespace
}  // namespace phyllo::testing
