#include "regions/surveyor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace phyllo::regions {
namespace {

using namespace std::chrono_literals;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const TopicName kTopic = TopicName::parse("news/sport").value();

overlay::Contact broker(std::uint64_t id, const std::string& region) {
  const auto endpoint = overlay::Endpoint::parse("tcp://10.0.0.1:7400").value();
  return {overlay::NodeId(id), 0, {region, endpoint, endpoint}};
}

class Alone final : public GlobalRing {
 public:
  const overlay::Contact& self() const override { return self_; }
  bool rendezvous_here(const TopicId&) const override { return false; }
  std::optional<overlay::Contact> successor(const TopicId&) const override { return std::nullopt; }
  std::vector<overlay::Contact> met(const std::string&) const override { return {}; }
  std::optional<std::vector<overlay::Contact>> all_others() const override { return std::nullopt; }
  bool home_root(overlay::Key) const override { return true; }
  std::optional<overlay::Contact> closest_at_home(overlay::Key) const override {
    return std::nullopt;
  }

 private:
  overlay::Contact self_ = broker(1, "eu");
};

/// A survey that knows that the topic is used in us, by this root.
class SurveyorTest : public ::testing::Test {
 protected:
  SurveyorTest() {
    Turn turn(Time{}, effects_);
    number_ = surveyor_.ask(turn, kTopic);
    surveyor_.on_audience(turn, {number_, true, {{kRoot, true, false}}});
    surveyor_.surveyed(turn, number_, {1, {}, true});
  }
  void hear(const overlay::Contact& from, TreePage page) {
    page.number = number_;
    Turn turn(Time{} + 100ms, effects_);
    surveyor_.on_page(turn, from, std::move(page));
  }
  static multicast::TreeNode node(std::uint64_t id, std::size_t children = 0) {
    return {broker(id, "us"), false, {}, std::vector<overlay::NodeId>(children), 1, 1};
  }
  /// What is known of us in the end.
  RegionTree outcome() {
    Turn turn(Time{} + 1h, effects_);
    surveyor_.tick(turn);
    const auto* answer = std::get_if<Surveyed>(&effects_.back());
    if (answer == nullptr || answer->regions.size() != 2) return {"nothing"};
    return answer->regions[1];
  }

  const overlay::Contact kRoot = broker(2, "us");
  const Alone ring_;
  BordersState state_{BordersConfig::lan(), {}, ring_, 1};
  const Fence fence_;
  Atlas atlas_{state_, fence_};
  Seats seats_{state_, fence_, atlas_};
  Surveyor surveyor_{state_, seats_};
  Effects effects_;
  Attempt number_ = 0;
};

TEST_F(SurveyorTest, PutsPagesInOrderWhateverTheOrderInWhichTheyCome) {
  hear(kRoot, {0, 2, true, true, {node(5)}, {{"eu", {}}}});
  hear(kRoot, {0, 0, false, false, {node(3)}, {}});
  hear(kRoot, {0, 0, false, false, {node(9)}, {}});
  hear(kRoot, {0, 1, false, false, {node(4)}, {}});
  const RegionTree us = outcome();
  EXPECT_TRUE(us.complete);
  ASSERT_THAT(us.nodes, SizeIs(3));
  for (std::uint64_t i = 0; i < 3; ++i) EXPECT_EQ(us.nodes[i].node.id(), overlay::NodeId(3 + i));
  EXPECT_THAT(us.ways, SizeIs(1));
}

TEST_F(SurveyorTest, AMissingPageLeavesTheTreeIncomplete) {
  hear(kRoot, {0, 1, true, true, {node(5)}, {}});
  const RegionTree us = outcome();
  EXPECT_TRUE(us.answered);
  EXPECT_FALSE(us.complete);
  EXPECT_THAT(us.nodes, SizeIs(1));
}

TEST_F(SurveyorTest, BelievesEachRegionOfItselfOnlyAndTheFirstWhoAnswers) {
  hear(broker(7, "ap"), {0, 0, true, true, {node(5)}, {}});
  hear(broker(8, "us"), {0, 0, false, true, {node(5), {broker(6, "eu"), true, {}, {}, 9, 9}}, {}});
  hear(kRoot, {0, 1, true, true, {node(5)}, {}});
  const RegionTree us = outcome();
  EXPECT_THAT(us.nodes, SizeIs(1));
  EXPECT_FALSE(us.complete);
}

TEST_F(SurveyorTest, HasABoundForWhatARegionSays) {
  std::size_t lines = 0;
  for (std::uint32_t page = 0; page < 5'000; ++page) {
    hear(kRoot, {0, page, false, false, {node(page + 10, 99)}, {}});
  }
  hear(kRoot, {0, 0xffffffff, true, true, {}, {}});
  const RegionTree us = outcome();
  for (const auto& each : us.nodes) lines += 1 + each.children.size();
  EXPECT_FALSE(us.complete);
  EXPECT_GT(lines, 50'000u);
  EXPECT_LE(lines, 200'000u);
}

TEST_F(SurveyorTest, WithoutAnAnswerNothingIsKnown) {
  const RegionTree us = outcome();
  EXPECT_FALSE(us.answered);
  EXPECT_FALSE(us.complete);
  EXPECT_THAT(us.nodes, IsEmpty());
  EXPECT_EQ(surveyor_.next(), kNever) << "and nothing is remembered";
}

}  // namespace
}  // namespace phyllo::regions
