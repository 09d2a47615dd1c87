#include "overlay/peers.h"

#include <gtest/gtest.h>

#include <map>

#include "tests/overlay/samples.h"

namespace phyllo::overlay {
namespace {

using namespace std::chrono_literals;

Contact numbered(std::uint64_t number) {
  return contact_of(NodeId(Uint128{number} << 64 | number));
}

TEST(Peers, FindWhomTheyMetWhateverTheOrderOfComingAndGoing) {
  Random random(9);
  Peers peers;
  std::map<std::uint64_t, Time> met;
  for (int step = 0; step < 3000; ++step) {
    const std::uint64_t number = random.below(300);
    const Time now{step * 1s};
    if (random.chance(0.7)) {
      Peer* peer = peers.meet(numbered(number), now);
      ASSERT_NE(peer, nullptr);
      met.emplace(number, now);
    } else {
      peers.forget(numbered(number).id());
      met.erase(number);
    }
    if (step % 500 == 499) {
      peers.forget_idle(now - 100s, [&](NodeId id) { return id == numbered(1).id(); });
      std::erase_if(
          met, [&](const auto& entry) { return entry.first != 1 && entry.second < now - 100s; });
    }
    ASSERT_EQ(peers.size(), met.size());
    const std::uint64_t other = random.below(300);
    const Peer* found = peers.find(numbered(other).id());
    ASSERT_EQ(found != nullptr, met.contains(other));
    if (found != nullptr) {
      EXPECT_EQ(found->heard, met.at(other));
    }
  }
}

TEST(Peers, RememberNobodyBeyondTheLimitAndALaterLifeAnew) {
  Peers peers;
  for (std::uint64_t i = 0; i < Peers::kLimit; ++i) {
    ASSERT_NE(peers.meet(numbered(i + 1), Time{}), nullptr);
  }
  EXPECT_EQ(peers.meet(numbered(Peers::kLimit + 1), Time{}), nullptr);
  peers.find(numbered(5).id())->spoke = true;
  const Peer* reborn = peers.meet(numbered(5).reborn(3), Time{1s});
  EXPECT_FALSE(reborn->spoke);
  EXPECT_EQ(reborn->contact.incarnation(), 3u);
}

}  // namespace
}  // namespace phyllo::overlay
