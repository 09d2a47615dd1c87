// How publications wait for their root, and what of them is kept.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "multicast/codec.h"
#include "tests/multicast/scenario.h"

namespace phyllo::testing {
namespace {

namespace mc = multicast;
using namespace std::chrono_literals;

const TopicName kNews = topic("news");

/// A broker that publishes to a root elsewhere, and what it sends there.
class Ingress : public ::testing::Test {
 protected:
  Ingress() : grove_({.seed = 5}) {}
  void SetUp() override {
    ASSERT_TRUE(grove_.grow(4));
    root_ = grove_.root_of(kNews);
    for (const StationId member : grove_.running()) {
      if (member != root_) publisher_ = member;
    }
    ASSERT_TRUE(subscribe_all(grove_, {root_}, kNews));
    grove_.member(publisher_).full = [this](const overlay::Contact&,
                                            const overlay::AppMessage& message) {
      const auto decoded = mc::decode(message);
      if (const auto* publish = std::get_if<mc::Publish>(&*decoded)) sent_.push_back(*publish);
      return false;
    };
  }
  mc::ForestStats stats(StationId member) { return grove_.member(member).forest().stats(); }

  Grove grove_;
  StationId root_ = 0;
  StationId publisher_ = 0;
  std::vector<mc::Publish> sent_;
};

TEST_F(Ingress, PausesWhenARootFindsAllItSendsOutOfOrder) {
  grove_.publish(publisher_, kNews, 1);
  grove_.run_for(1s);
  ASSERT_FALSE(sent_.empty());
  // Somebody told the root of a much later attempt: whatever comes now is old.
  mc::Publish forged = sent_.back();
  forged.attempt += 1'000'000;
  grove_.member(root_).call(grove_.now(), [&](mc::Forest& forest, mc::Effects& out) {
    forest.received(grove_.now(), grove_.contact(publisher_), mc::encode(forged), out);
  });
  sent_.clear();
  grove_.publish(publisher_, kNews, 1);
  grove_.run_for(5s);
  EXPECT_GT(sent_.size(), 5u) << "it goes on trying";
  EXPECT_LT(sent_.size(), 100u) << "but not in a tight loop";
}

TEST_F(Ingress, SaysWithABatchUnderWayWhereItsPredecessorsWent) {
  grove_.publish(publisher_, kNews, 1, 3);
  grove_.run_for(1s);
  const auto stream = grove_.member(publisher_).taken.back().reception.at.stream;
  EXPECT_EQ(stream.root, grove_.id(root_));
  sent_.clear();
  grove_.publish(publisher_, kNews, 1, 2);  // the publisher itself says nothing
  ASSERT_EQ(sent_.size(), 1u);
  ASSERT_EQ(sent_[0].batch.stays.size(), 1u);
  EXPECT_EQ(sent_[0].batch.stays[0].first, 1u);
  EXPECT_EQ(sent_[0].batch.stays[0].last, 3u);
  EXPECT_EQ(sent_[0].batch.stays[0].stream, stream);
  EXPECT_EQ(sent_[0].batch.stays[0].number, 3u);
}

TEST_F(Ingress, SaysItOfEachPublisherAndLongAfterTheTopicWasQuiet) {
  for (const mc::PublisherId publisher : {1, 2}) {
    grove_.publish(publisher_, kNews, publisher, 2);
    grove_.run_for(1s);
  }
  for (const auto pause : {1s, 200s}) {
    grove_.run_for(pause);
    for (const mc::PublisherId publisher : {2, 1}) {
      sent_.clear();
      grove_.publish(publisher_, kNews, publisher);
      ASSERT_TRUE(grove_.run_until([&] { return !sent_.empty(); }));
      EXPECT_EQ(sent_[0].batch.publisher, publisher);
      ASSERT_EQ(sent_[0].batch.stays.size(), 1u) << "after " << pause.count() << " s";
      EXPECT_EQ(sent_[0].batch.stays[0].first, 1u);
      EXPECT_EQ(sent_[0].batch.stays[0].last, sent_[0].batch.publisher_first - 1);
      grove_.run_for(1s);
    }
  }
}

TEST_F(Ingress, CountsTheAgeOfAStayFromThePublicationSinceItWasPublishedBeforeWhoBeganMeanwhile) {
  grove_.network().set_weather({.spike_chance = 1, .spike = 50ms});
  grove_.publish(publisher_, kNews, 1);
  const Time published = grove_.now();
  ASSERT_TRUE(grove_.run_until([&] { return !grove_.member(publisher_).taken.empty(); }));
  ASSERT_GE(grove_.now() - published, 50ms);
  sent_.clear();
  grove_.publish(publisher_, kNews, 1);
  ASSERT_TRUE(grove_.run_until([&] { return !sent_.empty(); }));
  ASSERT_EQ(sent_[0].batch.stays.size(), 1u);
  EXPECT_EQ(sent_[0].batch.stays[0].ago, grove_.now() - published);
}

TEST_F(Ingress, KeepsWhatARootTookForAWhileWithinABound) {
  for (int i = 0; i < 10; ++i) grove_.publish(publisher_, kNews, 1);
  grove_.run_for(500ms);
  EXPECT_EQ(stats(publisher_).ingress_bytes, 0u);
  EXPECT_GT(stats(publisher_).recent_bytes, 0u);
  EXPECT_LE(stats(publisher_).recent_bytes, mc::ForestConfig::lan().recent_bytes);
  EXPECT_EQ(stats(root_).recent_bytes, 0u);
}

/// The root was the only one that had it.
TEST_F(Ingress, PublishesAgainToTheNextRootWhatADeadOneTookLast) {
  grove_.publish(publisher_, kNews, 1, 3);
  grove_.run_for(500ms);
  ASSERT_EQ(stats(publisher_).ingress_bytes, 0u) << "acknowledged";
  ASSERT_FALSE(sent_.empty());
  const mc::Batch taken = sent_.front().batch;
  sent_.clear();
  grove_.kill(root_, Death::kSilent);
  ASSERT_TRUE(grove_.run_until([&] { return !sent_.empty(); }));
  EXPECT_EQ(sent_.front().batch.publisher_first, taken.publisher_first);
  EXPECT_EQ(sent_.front().batch.count, taken.count);
}

}  // namespace
}  // namespace phyllo::testing
