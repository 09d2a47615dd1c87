// How often a broker asks for memory while it passes batches on: never for a message, and a bounded
// number of times for a batch. Counts, not times: they are the same on every machine.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "tests/allocations/broker_chain.h"

namespace phyllo::test {
namespace {

constexpr std::size_t kBrokers = 4;
constexpr std::size_t kBatches = 1000;

/// By depth in the tree.
using Counts = std::array<double, kBrokers>;

class Relays : public testing::Test {
 protected:
  void SetUp() override {
    for (std::size_t at = 0; at < kBrokers; ++at) order_[chain_.depth(at)] = at;
    for (std::size_t place = 0; place < kBrokers; ++place) {
      ASSERT_EQ(chain_.depth(order_[place]), place) << "the tree is no chain";
    }
    chain_.publish(order_[0], 100, 10);
  }

  Counts per_batch(std::size_t published_at, std::uint32_t messages) {
    Counts counts{};
    for (std::size_t place = 0; place < kBrokers; ++place) {
      counts[place] = -static_cast<double>(chain_.allocations(order_[place]));
    }
    const std::uint64_t before = chain_.delivered(order_[kBrokers - 1]);
    chain_.publish(order_[published_at], kBatches, messages);
    EXPECT_EQ(chain_.delivered(order_[kBrokers - 1]), before + kBatches * messages);
    for (std::size_t place = 0; place < kBrokers; ++place) {
      counts[place] += static_cast<double>(chain_.allocations(order_[place]));
      counts[place] /= kBatches;
    }
    return counts;
  }

  BrokerChain chain_{kBrokers};
  std::array<std::size_t, kBrokers> order_{};
};

TEST_F(Relays, AskForNoMemoryForAMessage) {
  const Counts of_one = per_batch(0, 1);
  const Counts of_many = per_batch(0, 500);
  for (std::size_t place = 0; place < kBrokers; ++place) {
    EXPECT_LT(of_many[place] - of_one[place], 0.05) << "the broker at depth " << place;
  }
}

TEST_F(Relays, AskForMemoryABoundedNumberOfTimesForABatch) {
  const Counts counts = per_batch(0, 100);
  // The first is the root and the publisher's own broker, the last has no children. Lower a bound
  // when the count has gone down; raise one only for something that is worth it on every batch.
  const Counts bounds{59, 32, 32, 21};
  for (std::size_t place = 0; place < kBrokers; ++place) {
    EXPECT_LE(counts[place], bounds[place]) << "the broker at depth " << place;
  }
}

}  // namespace
}  // namespace phyllo::test
