#include <algorithm>
#include <chrono>
#include <optional>
#include <string>

#include "tests/overlay/ring_expectations.h"

namespace phyllo::testing {
namespace {

using namespace std::chrono_literals;
using overlay::Key;
using overlay::NodeId;

/// Does random things to a ring, good and bad ones, and keeps a list of them. At least `kCore`
/// members are never killed, so that there is a ring to come back to; they may sleep, be cut off or
/// be rained on like the others.
class Churn {
 public:
  static constexpr StationId kCore = 3;

  explicit Churn(Ring& ring) : ring_(ring), random_(ring.random().next()) {}

  void step() {
    switch (random_.below(16)) {
      case 0:
      case 1:
      case 2:
        return join();
      case 3:
        return end(Death::kSilent);
      case 4:
        return end(Death::kReported);
      case 5:
        return end(Death::kGoodbye);
      case 6:
        return restart();
      case 7:
        return join_beside();
      case 8:
        return nap();
      case 9:
        return split();
      case 10:
        return cut();
      case 11:
        return rain();
      case 12:
        return heal();
      case 13:
        return break_links();
      default:
        return talk();
    }
  }

  void heal() {
    note("heal");
    ring_.network().mend_all();
    ring_.network().set_weather({});
    for (StationId member = 0; member < ring_.size(); ++member) {
      if (ring_.network().paused(member)) ring_.network().resume(member);
    }
  }

  const std::string& story() const { return story_; }

 private:
  void note(const std::string& what, std::optional<StationId> whom = std::nullopt) {
    story_ += "  " + std::to_string(ring_.now().time_since_epoch() / 1ms) + " ms " + what +
              (whom ? " #" + std::to_string(*whom) : "") + "\n";
  }
  std::vector<StationId> seeds() { return {0, 1, 2}; }
  std::optional<StationId> someone() {
    std::vector<StationId> members = ring_.running();
    std::erase_if(members, [](StationId m) { return m < kCore; });
    if (members.empty()) return std::nullopt;
    return members[random_.below(members.size())];
  }

  void join() {
    if (ring_.running().size() > 40) return;
    const StationId member = ring_.add();
    note("join", member);
    ring_.start(member, seeds());
  }
  void join_beside() {
    const std::vector<StationId> members = ring_.running();
    const NodeId beside = ring_.id(members[random_.below(members.size())]);
    const StationId member = ring_.add(NodeId(beside.value() + 1 + random_.below(1000)));
    note("join close by", member);
    ring_.start(member, seeds());
  }
  void end(Death how) {
    const auto member = someone();
    if (!member || ring_.network().paused(*member)) return;
    note(how == Death::kGoodbye ? "leave" : how == Death::kSilent ? "silence" : "crash", member);
    how == Death::kGoodbye ? ring_.leave(*member) : ring_.kill(*member, how);
  }
  void restart() {
    const StationId member = static_cast<StationId>(random_.below(ring_.size()));
    if (member < kCore || ring_.network().running(member)) return;
    note("restart", member);
    ring_.start(member, seeds());
  }
  void nap() {
    const StationId member = static_cast<StationId>(random_.below(ring_.size()));
    if (ring_.network().paused(member)) {
      note("wake", member);
      ring_.network().resume(member);
    } else if (ring_.is_running(member)) {
      note("sleep", member);
      ring_.network().pause(member);
    }
  }
  void split() {
    note("split");
    const double part = random_.unit();
    for (StationId member = 0; member < ring_.size(); ++member) {
      ring_.network().put_on_side(member, random_.chance(part) ? 1 : 0);
    }
  }
  void cut() {
    const StationId from = static_cast<StationId>(random_.below(ring_.size()));
    const StationId to = static_cast<StationId>(random_.below(ring_.size()));
    if (from == to) return;
    note("cut from #" + std::to_string(from) + " to", to);
    ring_.network().cut(from, to);
  }
  void rain() {
    note("rain");
    ring_.network().set_weather({.loss = 0.2 * random_.unit(),
                                 .duplication = 0.1 * random_.unit(),
                                 .spike_chance = 0.1 * random_.unit(),
                                 .spike = Duration(random_.below(1'000'000'000))});
  }
  void break_links() {
    const std::vector<StationId> members = ring_.running();
    const StationId one = members[random_.below(members.size())];
    const StationId two = members[random_.below(members.size())];
    if (one == two) return;
    note("break link of #" + std::to_string(one) + " and", two);
    ring_.network().break_link(one, two);
  }
  void talk() {
    for (int i = 0; i < 5; ++i) {
      const std::vector<StationId> members = ring_.running();
      const StationId member = members[random_.below(members.size())];
      if (!ring_.network().paused(member)) ring_.route(member, Key::random(random_));
    }
  }

  Ring& ring_;
  Random random_;
  std::string story_;
};

class RingUnderChurn : public SeededRing {};

TEST_P(RingUnderChurn, IsExactAgainAfterTheHeal) {
  Ring::Setup plan = setup(seed());
  plan.clock_spread = 1000s;
  plan.node.leaf_set_size = std::size_t{4} << (2 * (seed() % 2));  // 4 or 16
  Ring ring(plan);
  ASSERT_TRUE(grown(ring, Churn::kCore + seed() % 20));
  Churn churn(ring);
  RingWatch watch(ring, 50ms);
  const int steps = 20 + static_cast<int>(ring.random().below(40));
  for (int i = 0; i < steps; ++i) {
    churn.step();
    ring.run_for(
        Duration(ring.random().below(ring.random().chance(0.2) ? 5'000'000'000 : 400'000'000)));
  }
  churn.heal();
  ring.run_for(3s);  // what was held up by the last spike arrives
  EXPECT_TRUE(settles(ring, 120s)) << churn.story();
  EXPECT_TRUE(works(ring)) << churn.story();
  EXPECT_TRUE(nothing_in(watch.structures(), ring)) << churn.story();
}

INSTANTIATE_TEST_SUITE_P(, RingUnderChurn, ::testing::ValuesIn(seeds(1, 200)), seed_name);

/// Hours of joins, leaves and crashes in a network that works: at no moment do two active nodes
/// claim the same key, and no message between nodes that stay is lost or ends at a wrong node.
class RingUnderLongChurn : public SeededRing {};

TEST_P(RingUnderLongChurn, NeverHasTwoRootsOfAKey) {
  Ring ring(setup(seed()));
  ring.network().trace().keep(2000);
  ASSERT_TRUE(grown(ring, 30));
  RingWatch watch(ring, 100ms);
  for (int i = 0; i < 150; ++i) {
    const std::vector<StationId> members = ring.active();
    const StationId one = ring.pick(members);
    switch (ring.random().below(4)) {
      case 0:
        if (members.size() > 15) ring.kill(one, Death::kReported);
        break;
      case 1:
        if (members.size() > 15) ring.leave(one);
        break;
      default:
        if (members.size() < 50) ring.start(ring.add(), {one});
    }
    ring.run_for(Duration(ring.random().below(4'000'000'000)));
    ring.route(ring.pick(ring.active()), ring.random_key());
  }
  EXPECT_TRUE(settles(ring, 20s));
  EXPECT_TRUE(works(ring));
  EXPECT_TRUE(nothing_in(watch.claims(), ring));
  EXPECT_TRUE(nothing_in(watch.structures(), ring));
}

INSTANTIATE_TEST_SUITE_P(, RingUnderLongChurn, ::testing::ValuesIn(seeds(1, 3)), seed_name);

/// The same for twelve hours, with the papers' slow timers and their kind of churn: sessions of
/// about an hour, ends without a goodbye. Only nodes that nobody can know to be dead are missing.
TEST(RingUnderChurnForHours, NeverHasTwoRootsOfAKey) {
  Ring::Setup plan = setup(77);
  plan.node.timers = overlay::Timers::paper();
  Ring ring(plan);
  ring.network().trace().keep(0);
  ASSERT_TRUE(ring.grow(60));
  ASSERT_TRUE(settles(ring, 120s));
  RingWatch watch(ring, 10s);
  const Time end = ring.now() + std::chrono::hours(12);
  std::uint64_t crashes = 0;
  while (ring.now() < end) {
    const std::vector<StationId> members = ring.active();
    const StationId one = ring.pick(members);
    if (ring.random().chance(static_cast<double>(members.size()) / 120)) {
      ring.random().chance(0.8) ? ring.kill(one, Death::kSilent) : ring.leave(one);
      ++crashes;
    } else {
      ring.start(ring.add(), {one});
    }
    ring.run_for(ring.random().around(60s, 0.9));
  }
  EXPECT_TRUE(settles(ring, std::chrono::minutes(10)));
  EXPECT_TRUE(nothing_in(watch.claims(), ring));
  EXPECT_TRUE(nothing_in(watch.structures(), ring));
  EXPECT_GT(watch.looks(), 4000u);
  EXPECT_GT(crashes, 200u);
}

}  // namespace
}  // namespace phyllo::testing
