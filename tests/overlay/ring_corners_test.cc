#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

#include "tests/overlay/ring_expectations.h"

// Places, moments and links that a ring meets seldom and must not get wrong.

namespace phyllo::testing {
namespace {

using namespace std::chrono_literals;
using overlay::Key;
using overlay::NodeId;
using overlay::Uint128;
using State = overlay::StateChanged::State;

/// Every message from `first` on was delivered, at most so many times, at the node that is closest
/// among all.
Findings astray(const Ring& ring, std::size_t first, std::size_t times) {
  Findings out;
  for (std::size_t i = first; i < ring.routed().size(); ++i) {
    const Routed& message = ring.routed()[i];
    const StationId root = root_among(ring, ring.running(), message.key);
    const bool only_there = std::ranges::all_of(
        message.deliveries, [&](const Routed::Delivery& delivery) { return delivery.at == root; });
    if (only_there && !message.deliveries.empty() && message.deliveries.size() <= times) continue;
    out.push_back(
        "message " + std::to_string(i) + " from #" + std::to_string(message.from) + " to " +
        message.key.hex() + " was delivered " + std::to_string(message.deliveries.size()) +
        " times" +
        (message.deliveries.empty() ? "" : ", at #" + std::to_string(message.deliveries[0].at)) +
        "; its root is #" + std::to_string(root));
  }
  return out;
}

/// A key half way between two nodes belongs to the one it is clockwise of, wherever zero is.
TEST(RingCorners, AKeyHalfWayBetweenTwoNodesHasOneRootAlsoAcrossZero) {
  const Uint128 half = Uint128{1} << 127;
  using Ids = std::vector<Uint128>;
  using Expected = std::vector<std::pair<Uint128, StationId>>;
  for (const auto& [ids, expected] : std::vector<std::pair<Ids, Expected>>{
           {{-Uint128{100}, 100, half, half + 200}, {{0, 0}, {1, 1}, {half + 100, 2}}},
           {{-Uint128{1}, 1, half}, {{0, 0}}},
           {{0, half}, {{half / 2, 0}, {half + half / 2, 1}, {half / 2 + 1, 1}, {0, 0}}}}) {
    Ring ring(setup(1));
    for (const Uint128 id : ids) {
      const StationId member = ring.add(NodeId(id));
      ring.start(member, member == 0 ? std::vector<StationId>{} : std::vector<StationId>{0});
      ring.run_for(500ms);
    }
    ASSERT_TRUE(settles(ring, 10s));
    for (const auto& [key, root] : expected) {
      for (const StationId from : ring.running()) {
        const std::uint64_t number = ring.route(from, Key(key));
        ring.run_for(1s);
        ASSERT_TRUE(ring.routed()[number].delivered_once()) << Key(key).hex();
        EXPECT_EQ(ring.routed()[number].deliveries[0].at, root)
            << Key(key).hex() << " from #" << from << " of " << ids.size();
      }
    }
  }
}

/// What must hold at the end of a growth holds after each step of it.
TEST(RingCorners, LeafSetsTablesAndRootsAreRightAfterEachOfSixtyJoins) {
  Ring ring(setup(2));
  for (std::size_t size = 1; size <= 60; ++size) {
    ASSERT_TRUE(grown(ring, 1)) << size;
    ASSERT_TRUE(nothing_in(check_structures(ring), ring)) << size;
    ASSERT_TRUE(nothing_in(check_tables(ring, ring.running(), 0), ring)) << size;
    const std::size_t first = ring.routed().size();
    for (const StationId member : ring.running()) {
      ring.route(ring.pick(ring.running()), Key::at(ring.id(member)));
    }
    ring.run_for(200ms);
    ASSERT_TRUE(nothing_in(astray(ring, first, 1), ring)) << size;
  }
}

/// The layers above hear of a join at the nodes that it concerns, however many others there are.
TEST(RingCorners, AJoinCostsTheSameUpcallsInALargeRingAsInASmallOne) {
  Ring ring(setup(3));
  const auto upcalls = [&] {
    std::size_t count = 0;
    for (const StationId member : ring.running()) {
      count += ring.member(member).leaf_set_changes().size();
    }
    return count;
  };
  ASSERT_TRUE(grown(ring, 30));
  for (int round = 0; round < 3; ++round) {
    const std::size_t before = upcalls();
    ASSERT_TRUE(grown(ring, 20));
    const std::size_t leaves = ring.config().leaf_set_size;
    // The newcomer hears of its leaves one after the other, each of them of the newcomer once, and
    // some of who has moved out of reach.
    EXPECT_LE(upcalls() - before, 20 * 3 * leaves) << ring.size();
    EXPECT_GE(upcalls() - before, 20 * leaves) << ring.size();
    ASSERT_TRUE(grown(ring, 40));
  }
}

class SeededCorner : public SeededRing {};

/// The root let the joiner in and dies before the joiner has heard of everybody.
TEST_P(SeededCorner, TheRootOfAJoinMayDieRightAfterItAccepted) {
  Ring ring(setup(seed()));
  ASSERT_TRUE(grown(ring, 20));
  for (const Death death : {Death::kSilent, Death::kReported}) {
    const StationId joiner = ring.add();
    std::vector<StationId> inside = ring.active();
    const StationId root = root_among(ring, inside, Key::at(ring.id(joiner)));
    std::erase(inside, root);
    const std::uint64_t before = ring.sent_of<overlay::JoinAccepted>();
    ring.start(joiner, {ring.pick(inside)});
    ASSERT_TRUE(
        ring.run_until([&] { return ring.sent_of<overlay::JoinAccepted>() > before; }, 5s, 10us));
    ASSERT_FALSE(ring.node(joiner).active());
    ring.kill(root, death);
    EXPECT_TRUE(settles(ring, 20s)) << "joiner #" << joiner << " root #" << root;
    EXPECT_TRUE(works(ring));
  }
}

/// Two rings that do not know of each other, with the same id in both: the later life stays, and of
/// two equal ones the one with the lexically larger endpoint.
TEST_P(SeededCorner, OfTwoHoldersOfOneIdTheWeakerResigns) {
  for (const int restarted : {-1, 0, 1}) {
    Ring ring(setup(seed() + 1000));
    ASSERT_TRUE(grown(ring, 10));
    for (StationId member = 5; member < 10; ++member) ring.network().put_on_side(member, 1);
    ring.run_for(8s);
    const NodeId id = NodeId::random(ring.random());
    const std::vector<StationId> twins{ring.add(id), ring.add(id)};
    ring.network().put_on_side(twins[1], 1);
    ring.start(twins[0], {0});
    ring.start(twins[1], {7});
    ring.run_for(5s);
    if (restarted >= 0) {
      ring.kill(twins[restarted], Death::kReported);
      ring.start(twins[restarted], {restarted == 0 ? StationId{0} : StationId{7}});
      ring.run_for(5s);
    }
    const auto life = [&](int twin) { return ring.node(twins[twin]).self().incarnation(); };
    ASSERT_TRUE(ring.node(twins[0]).active() && ring.node(twins[1]).active());
    const bool first_is_larger =
        ring.contact(twins[0]).place().local.text() > ring.contact(twins[1]).place().local.text();
    const int stays = life(0) != life(1) ? (life(0) > life(1) ? 0 : 1) : first_is_larger ? 0 : 1;
    if (restarted >= 0) {
      ASSERT_EQ(stays, restarted);
    }
    ring.network().mend_all();
    const auto resigned = [&](int twin) {
      return ring.node(twins[twin]).state() == State::kResigned;
    };
    EXPECT_TRUE(ring.run_until([&] { return resigned(1 - stays); }, 60s)) << ring.report();
    EXPECT_TRUE(settles(ring, 60s));
    EXPECT_FALSE(resigned(stays)) << "restarted " << restarted;
  }
}

/// Whether some third one stands between them on both sides.
bool apart(const Ring& ring, StationId one, StationId two) {
  const auto beside = [&](const std::vector<overlay::Contact>& leaves) {
    return !leaves.empty() && leaves.front().id() == ring.id(two);
  };
  return !beside(ring.node(one).left_leaves()) && !beside(ring.node(one).right_leaves());
}

enum class Missing { kBothWays, kThere, kBack };

/// Two nodes that do not hear each other, or of whom one does not, while all others hear both: as
/// long as this lasts nobody leaves, and every key is served from everywhere, by the two as well.
TEST_P(SeededCorner, OverALinkThatIsMissingOthersCarryTheMessages) {
  for (const Missing missing : {Missing::kBothWays, Missing::kThere, Missing::kBack}) {
    Ring ring(setup(seed() + 2000));
    ASSERT_TRUE(grown(ring, 20));
    const StationId one = ring.pick(ring.running());
    StationId two = ring.pick(ring.running());
    while (two == one || !apart(ring, one, two)) two = ring.pick(ring.running());
    if (missing != Missing::kBack) ring.network().cut(one, two);
    if (missing != Missing::kThere) ring.network().cut(two, one);
    ring.run_for(30s);
    EXPECT_TRUE(ring.all_active());
    const std::size_t first = ring.routed().size();
    for (const StationId from : ring.running()) {
      for (const StationId to : ring.running()) ring.route(from, Key::at(ring.id(to)));
      for (int i = 0; i < 5; ++i) ring.route(from, ring.random_key());
    }
    ring.run_for(10s);
    // Where only the acknowledgement is lost, the message goes another way as well.
    const std::size_t times = missing == Missing::kBothWays ? 1 : 2;
    EXPECT_TRUE(nothing_in(astray(ring, first, times), ring))
        << "#" << one << " and #" << two << ", case " << static_cast<int>(missing);
  }
}

INSTANTIATE_TEST_SUITE_P(, SeededCorner, ::testing::ValuesIn(seeds(1, 6)), seed_name);

}  // namespace
}  // namespace phyllo::testing
