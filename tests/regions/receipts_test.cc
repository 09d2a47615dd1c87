#include "regions/receipts.h"

#include <gtest/gtest.h>

#include <string>

namespace phyllo::regions {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kBatch = 100'000;

/// Nobody else is there.
class Alone final : public GlobalRing {
 public:
  const overlay::Contact& self() const override { return self_; }
  bool rendezvous_here(const TopicId&) const override { return true; }
  std::optional<overlay::Contact> successor(const TopicId&) const override { return {}; }
  std::vector<overlay::Contact> met(const std::string&) const override { return {}; }
  bool home_root(overlay::Key) const override { return true; }
  std::optional<overlay::Contact> closest_at_home(overlay::Key) const override { return {}; }

 private:
  overlay::Contact self_{overlay::NodeId(1), 0, {}};
};

class ReceiptsOfACrossing : public ::testing::Test {
 protected:
  void acknowledge(Receipts& receipts, Time now, std::size_t bytes = kBatch) {
    ++number_;
    receipts.add(now, {number_, {7, number_, 1, Payload::from(std::string(bytes, 'x')), {}}, now});
  }

  BordersConfig config_ = BordersConfig::lan();
  Alone ring_;
  multicast::Sequence number_ = 0;
};

TEST_F(ReceiptsOfACrossing, AreKeptForALeaseOldestFirst) {
  BordersState state(config_, {}, ring_, 1);
  Receipts receipts(state);
  for (int second = 0; second < 3; ++second) acknowledge(receipts, Time{} + 1s * second);
  const auto kept = receipts.take(Time{} + config_.lease + 1s);
  ASSERT_EQ(kept.size(), 2u);
  EXPECT_EQ(kept[0].batch.publisher_first, 2u);
  EXPECT_EQ(kept[1].batch.publisher_first, 3u);
  EXPECT_EQ(state.stats.receipt_bytes, 0u);
  EXPECT_TRUE(receipts.take(Time{}).empty()) << "given once";
}

TEST_F(ReceiptsOfACrossing, TakeNoMoreThanAMebibyte) {
  BordersState state(config_, {}, ring_, 1);
  Receipts receipts(state);
  for (int i = 0; i < 50; ++i) acknowledge(receipts, Time{});
  EXPECT_LE(state.stats.receipt_bytes, std::size_t{1} << 20);
  EXPECT_EQ(receipts.take(Time{}).back().batch.publisher_first, 50u) << "the latest ones";
}

TEST_F(ReceiptsOfACrossing, HaveNoHolesWhereOneFoundNoRoom) {
  config_.receipt_bytes = 3 * kBatch;
  BordersState state(config_, {}, ring_, 1);
  Receipts receipts(state);
  Receipts others(state);
  acknowledge(others, Time{});
  acknowledge(receipts, Time{});
  acknowledge(receipts, Time{});  // finds no room
  others.clear();
  acknowledge(receipts, Time{});
  const auto kept = receipts.take(Time{});
  ASSERT_EQ(kept.size(), 1u) << "none from before the one that is missing";
  EXPECT_EQ(kept[0].batch.publisher_first, 4u);
}

TEST_F(ReceiptsOfACrossing, ShareOneBoundOverAllCrossings) {
  config_.receipt_bytes = 5 * kBatch;
  BordersState state(config_, {}, ring_, 1);
  Receipts one(state);
  Receipts other(state);
  for (int i = 0; i < 4; ++i) acknowledge(one, Time{});
  for (int i = 0; i < 4; ++i) acknowledge(other, Time{});
  EXPECT_LE(state.stats.receipt_bytes, config_.receipt_bytes);
  one.clear();
  other.clear();
  EXPECT_EQ(state.stats.receipt_bytes, 0u);
}

}  // namespace
}  // namespace phyllo::regions
