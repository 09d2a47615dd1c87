#include "regions/crossing.h"

#include <gtest/gtest.h>

#include <utility>

#include "base/batch_body.h"
#include "tests/regions/alone.h"

namespace phyllo::regions {
namespace {

using namespace std::chrono_literals;
using multicast::PublishNack;

const TopicId kTopic = TopicId::of(TopicName::parse("metro/eu/line-4").value());

overlay::Contact root(std::uint64_t id, overlay::Incarnation life = 0) {
  const auto endpoint = overlay::Endpoint::parse("tcp://10.0.0.1:7400").value();
  return {overlay::NodeId(id), life, {"us", endpoint, endpoint}};
}

class CrossingTest : public ::testing::Test {
 protected:
  /// The next batch; what goes out, its attempt and its place in it, is `sent_`.
  void publish() {
    BatchBodyWriter body;
    body.append("x");
    ++published_;
    Turn turn(now_, effects_);
    crossing_.add(turn, published_, {7, published_, 1, body.take(), {}}, now_);
    pump();
  }
  void pump() {
    Turn turn(now_, effects_);
    Convoy convoy;
    crossing_.pump(turn, Crossing::kNoBound, convoy);
    convoy.depart(turn, state_, std::nullopt, [](const auto&) { return std::nullopt; });
    for (const Effect& effect : std::exchange(effects_, {})) {
      const auto message = *decode(std::get<multicast::SendDirect>(effect).message);
      if (const auto* publish = std::get_if<multicast::Publish>(&message))
        sent_.push_back(*publish);
    }
  }
  void acknowledge() { acknowledge(kUs); }
  void acknowledge(const overlay::Contact& from) {
    Turn turn(now_, effects_);
    const auto& last = sent_.back();
    crossing_.on_ack(turn, from, {kTopic, last.attempt, last.index + 1, {}});
  }
  void refuse(PublishNack::Reason why) { refuse(why, kUs); }
  void refuse(PublishNack::Reason why, const overlay::Contact& by) {
    Turn turn(now_, effects_);
    crossing_.on_nack(turn, by, {{kTopic, sent_.back().attempt, sent_.back().index, {}}, why});
  }
  void succeed(const overlay::Contact& next) {
    Turn turn(now_, effects_);
    crossing_.redirect(turn, next, Crossing::Farewell::kSilent);
    sent_.clear();
    pump();
  }
  void fall_silent() {
    now_ = crossing_.next();
    Turn turn(now_, effects_);
    crossing_.tick(turn);
  }
  /// From now on through another region.
  void relay() {
    crossing_.reroute({{"ap"}, 10ms});
    crossing_.turn_off();
  }
  /// How long after a failure nobody is relied on.
  Duration distrust() {
    EXPECT_FALSE(crossing_.trusted(now_));
    Duration time{};
    while (!crossing_.trusted(now_ + time)) time += 1s;
    return time;
  }

  const overlay::Contact kUs = root(2);
  const Alone ring_;
  BordersState state_{BordersConfig::lan(), {}, ring_, 1};
  Crossing crossing_{state_, kTopic, kUs};
  Effects effects_;
  std::vector<multicast::Publish> sent_;
  multicast::Sequence published_ = 0;
  Time now_ = Time{} + 1min;
};

TEST_F(CrossingTest, SendsAgainWhatADeadRootHadAcknowledged) {
  publish();
  acknowledge();
  succeed(root(3));
  ASSERT_EQ(sent_.size(), 1u);
  EXPECT_EQ(sent_[0].batch.publisher_first, 1u);
}

TEST_F(CrossingTest, SendsNothingAgainThatARootHadWhichSteppedDown) {
  publish();
  acknowledge();
  publish();
  refuse(PublishNack::Reason::kNotRoot);
  succeed(root(3));
  ASSERT_EQ(sent_.size(), 1u) << "until the next one has taken something";
  EXPECT_EQ(sent_[0].batch.publisher_first, 2u);
}

TEST_F(CrossingTest, BelievesNoLaterLifeThatTheEarlierOneHandedAnythingOver) {
  publish();
  acknowledge();
  publish();
  refuse(PublishNack::Reason::kNotRoot, root(2, 1));
  succeed(root(3));
  ASSERT_FALSE(sent_.empty());
  EXPECT_EQ(sent_[0].batch.publisher_first, 1u);
}

TEST_F(CrossingTest, SendsNothingAgainThatALaterLifeTookBeforeAnybodyNamedIt) {
  const overlay::Contact later = root(2, 1);
  publish();
  for (int i = 0; i < 10; ++i) {
    acknowledge(later);
    publish();
  }
  acknowledge(later);
  succeed(later);
  EXPECT_TRUE(sent_.empty());
  publish();
  succeed(kUs);
  EXPECT_TRUE(sent_.empty()) << "who named it has not heard of the later life yet";
  succeed(root(3));
  ASSERT_FALSE(sent_.empty());
  EXPECT_EQ(sent_[0].batch.publisher_first, 1u) << "but when that one dies as well";
}

TEST_F(CrossingTest, SendsALaterLifeThatAnswersWhatTheEarlierOneTook) {
  publish();
  acknowledge();
  now_ += 10ms;
  publish();
  refuse(PublishNack::Reason::kOutOfOrder, root(2, 1));
  fall_silent();
  pump();
  acknowledge(root(2, 1));
  sent_.clear();
  pump();
  ASSERT_EQ(sent_.size(), 1u);
  EXPECT_EQ(sent_[0].batch.publisher_first, 1u);
}

TEST_F(CrossingTest, TakesNoWordOfAnEarlierLifeForThatOfALaterOne) {
  publish();
  acknowledge(root(2, 1));
  publish();
  acknowledge();
  EXPECT_FALSE(crossing_.idle());
}

TEST_F(CrossingTest, RelaysAreNotReliedOnForLongerEachTimeThatTheyFailInARow) {
  const Duration once = state_.config.distrust;
  for (const int times : {1, 2, 4, 8, 8}) {
    relay();
    publish();
    fall_silent();
    EXPECT_EQ(distrust(), times * once);
    acknowledge();
    now_ += times * once;
  }
}

TEST_F(CrossingTest, RelaysAreNotReliedOnAfterARefusal) {
  relay();
  publish();
  refuse(PublishNack::Reason::kOutOfOrder);
  EXPECT_EQ(distrust(), state_.config.distrust);
}

TEST_F(CrossingTest, RelaysAreNotReliedOnWhenTheirLinkIsFull) {
  relay();
  publish();
  Turn turn(now_, effects_);
  crossing_.on_dropped(turn, sent_.back().attempt);
  EXPECT_EQ(distrust(), state_.config.distrust);
}

}  // namespace
}  // namespace phyllo::regions
