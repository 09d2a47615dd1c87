// Two groves of one seed, whose trees rest in the one and never do in the other, under the same
// random calls, joins, deaths and losses: every message on every link is the same at the same time,
// and so is all that programs are told.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "tests/multicast/scenario.h"
#include "tests/support/seeds.h"

namespace phyllo::testing {
namespace {

using namespace std::chrono_literals;
namespace mc = multicast;

constexpr std::size_t kTopics = 40;

TopicName nth_topic(std::uint64_t n) { return topic("t/" + std::to_string(n)); }

/// One of the two, which writes down what happens.
class Twin {
 public:
  Twin(std::uint64_t seed, Grove::Resting resting) : random_(seed), grove_(setup(seed, resting)) {
    grove_.network().trace().watch([this](const NetworkTrace::Record& record) {
      story_.push_back(std::to_string(record.when.time_since_epoch().count()) + " " +
                       std::to_string(static_cast<int>(record.what)) + " " +
                       std::to_string(record.from) + ">" + std::to_string(record.to) + " " +
                       record.wire.header + "|" + std::string(record.wire.body.view()));
    });
    EXPECT_TRUE(grove_.grow(3));
  }

  void step() {
    const std::uint64_t what = random_.below(100);
    const TopicName name = nth_topic(random_.below(kTopics));
    const auto members = grove_.running();
    const StationId member = members[random_.below(members.size())];
    if (what < 30) {
      grove_.subscribe(member, name, random_.below(4));
    } else if (what < 34) {
      grove_.publish(member, name, 1 + random_.below(50), 1);
    } else if (what < 37) {
      grove_.cast(member, name, static_cast<std::uint32_t>(1 + random_.below(2)));
    } else if (what < 40) {
      grove_.survey(member, name);
    } else if (what < 50) {
      for (std::uint64_t n = 0; n < kTopics; ++n) {
        grove_.open(grove_.root_of(nth_topic(n)), nth_topic(n));
      }
    } else if (what < 57 && members.size() < 7) {
      const StationId joiner = grove_.add();
      grove_.start(joiner, {member});
    } else if (what < 59 && members.size() > 2) {
      grove_.kill(member, random_.below(2) == 0 ? Death::kReported : Death::kSilent);
    } else if (what < 60 && members.size() > 2) {
      grove_.leave(member);
    } else if (what < 62) {
      grove_.network().set_weather({.loss = 0.1 * static_cast<double>(random_.below(3))});
    } else if (what < 66) {
      grove_.run_for(5s);
    } else {
      grove_.run_for(std::chrono::milliseconds(random_.below(300)));
    }
    for (const StationId id : grove_.running()) {
      const auto stats = grove_.member(id).forest().stats();
      rested_ += stats.resting_trees;
      trees_ += stats.trees;
      awoke_ += stats.resting_trees < resting_before_[id];
      resting_before_[id] = stats.resting_trees;
    }
  }

  /// All that was sent, with what each member's programs were told and what it says of its trees.
  std::vector<std::string> take_story() {
    for (const StationId id : grove_.running()) tell_of(id);
    return std::exchange(story_, {});
  }
  std::size_t rested() const { return rested_; }
  std::size_t trees() const { return trees_; }
  std::size_t awoke() const { return awoke_; }

 private:
  static Grove::Setup setup(std::uint64_t seed, Grove::Resting resting) {
    Grove::Setup setup{.seed = seed};
    if (seed % 3 == 0) setup.forest.extent = mc::Extent::kRegion;
    if (seed % 2 == 0) setup.forest.collapse = mc::Collapse::kOnlyChild;
    setup.forest.children_limit = seed % 4 == 1 ? 3 : 0;
    setup.resting = resting;
    return setup;
  }

  void tell_of(StationId id) {
    const GroveMember& member = grove_.member(id);
    const std::string who = "#" + std::to_string(id) + " ";
    for (const auto& [topic, seen] : member.seen) {
      story_.push_back(who + topic.hex() + " saw " + std::to_string(seen.size()));
      for (const SeenAt& event : seen) {
        if (const auto* gap = std::get_if<mc::Gap>(&event.what)) {
          story_.push_back(who + "gap " + std::to_string(gap->first) + "-" +
                           std::to_string(gap->last));
        } else if (const auto* live = std::get_if<mc::StreamPosition>(&event.what)) {
          story_.push_back(who + "live from " + std::to_string(live->stream.generation) + "/" +
                           std::to_string(live->next));
        }
      }
    }
    for (const mc::RootChanged& root : member.roots) {
      story_.push_back(who + root.topic.hex() + " root " +
                       std::to_string(static_cast<int>(root.root)) + " for " +
                       std::to_string(root.subscribers));
    }
    for (std::uint64_t n = 0; n < kTopics; ++n) {
      const auto part = member.forest().part_in(nth_topic(n));
      if (!part) continue;
      story_.push_back(who + nth_topic(n).text() + (part->root ? " root " : " node ") +
                       std::to_string(part->local_subscribers) + "/" +
                       std::to_string(part->subtree_subscribers));
      EXPECT_EQ(member.forest().name_of(mc::TopicId::of(nth_topic(n))), nth_topic(n));
    }
    const auto stats = member.forest().stats();
    story_.push_back(who + std::to_string(stats.trees) + " trees, root of " +
                     std::to_string(stats.rooted_trees));
  }

  Random random_;
  Grove grove_;
  std::vector<std::string> story_;
  std::map<StationId, std::size_t> resting_before_;
  std::size_t rested_ = 0;
  std::size_t trees_ = 0;
  std::size_t awoke_ = 0;
};

class Twins : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(Twins, AreAlikeWhetherTheirIdleTreesRestOrNot) {
  Twin rests(GetParam(), Grove::Resting::kWhenIdle);
  Twin never(GetParam(), Grove::Resting::kNever);
  for (int step = 0; step < 1'000; ++step) {
    rests.step();
    never.step();
    const auto here = rests.take_story();
    const auto there = never.take_story();
    const auto [one, other] = std::ranges::mismatch(here, there);
    ASSERT_TRUE(one == here.end() && other == there.end())
        << "in step " << step << ", PHYLLO_SEED=" << GetParam() << "\n"
        << (one == here.end() ? "-" : *one) << "\n"
        << (other == there.end() ? "-" : *other);
  }
  EXPECT_EQ(never.rested(), 0u);
  EXPECT_GT(rests.rested(), rests.trees() / 100) << "hardly any rested: this proves nothing";
  EXPECT_GT(rests.awoke(), 2u);
}

INSTANTIATE_TEST_SUITE_P(Seeds, Twins, ::testing::ValuesIn(seeds(1, 12)),
                         [](const auto& seed) { return std::to_string(seed.param); });

}  // namespace
}  // namespace phyllo::testing
