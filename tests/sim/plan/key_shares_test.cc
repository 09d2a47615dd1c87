#include "sim/plan/key_shares.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

namespace phyllo::sim {
namespace {

using overlay::Key;
using overlay::NodeId;
using overlay::Uint128;

NodeId quarter(int number) { return NodeId(static_cast<Uint128>(number) << 126); }

std::vector<NodeId> random_ring(std::size_t size, Random& random) {
  std::vector<NodeId> ring;
  for (std::size_t i = 0; i < size; ++i) ring.push_back(NodeId::random(random));
  return ring;
}

TEST(KeyShares, AreEqualForNodesEvenlyApart) {
  const std::vector<double> shares = key_shares({quarter(0), quarter(1), quarter(2), quarter(3)});
  for (const double share : shares) EXPECT_DOUBLE_EQ(share, .25);
}

TEST(KeyShares, AreAllOfThemForASingleNode) {
  EXPECT_THAT(key_shares({quarter(1)}), testing::ElementsAre(1));
}

TEST(KeyShares, MakeOneAndAgreeWithARandomSampleOfKeys) {
  Random random(7);
  const std::vector<NodeId> ring = random_ring(20, random);
  const std::vector<double> shares = key_shares(ring);
  EXPECT_NEAR(std::reduce(shares.begin(), shares.end()), 1, 1e-9);
  std::vector<int> hits(ring.size());
  constexpr int kKeys = 20'000;
  for (int i = 0; i < kKeys; ++i) {
    const NodeId root = root_of(ring, Key::random(random));
    ++hits[static_cast<std::size_t>(std::ranges::find(ring, root) - ring.begin())];
  }
  for (std::size_t i = 0; i < ring.size(); ++i) {
    EXPECT_NEAR(shares[i], static_cast<double>(hits[i]) / kKeys, .02);
  }
}

TEST(MovedShare, IsNothingForTheSameRing) {
  EXPECT_EQ(moved_share({quarter(0), quarter(2)}, {quarter(2), quarter(0)}), 0);
}

TEST(MovedShare, IsWhatANewNodeTakesOver) {
  Random random(8);
  const std::vector<NodeId> before = random_ring(10, random);
  std::vector<NodeId> after = before;
  after.push_back(NodeId::random(random));
  EXPECT_NEAR(moved_share(before, after), key_shares(after).back(), 1e-12);
  EXPECT_NEAR(moved_share(after, before), key_shares(after).back(), 1e-12);
}

TEST(MovedShare, IsEverythingWhenAllNodesAreOthers) {
  EXPECT_DOUBLE_EQ(moved_share({quarter(0)}, {quarter(1)}), 1);
  EXPECT_DOUBLE_EQ(moved_share({quarter(0), quarter(1)}, {quarter(2), quarter(3)}), 1);
}

}  // namespace
}  // namespace phyllo::sim
