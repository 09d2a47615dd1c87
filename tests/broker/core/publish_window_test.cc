#include "broker/core/publish_window.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/broker/core/batches.h"

namespace phyllo::broker {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class PublishWindowTest : public testing::Test {
 protected:
  void add(multicast::Sequence first, std::uint32_t count = 1) {
    window_.add(key_, topic_, make_batch(key_.second, first, count, 100));
  }
  std::vector<std::string> taken(multicast::Sequence up_to) {
    std::vector<client::PublishAck> due;
    window_.taken(key_, up_to, {5, {}}, due);
    return text_of(due);
  }
  std::vector<std::string> refused(multicast::Sequence first) {
    std::vector<client::PublishAck> due;
    window_.refuse(key_, first, {ErrorCode::kTooLarge, "too large"}, due);
    return text_of(due);
  }
  static std::vector<std::string> text_of(const std::vector<client::PublishAck>& acks) {
    std::vector<std::string> lines;
    for (const auto& ack : acks) {
      lines.push_back((ack.error ? "refused " : "taken ") + std::to_string(ack.up_to));
    }
    return lines;
  }

  TopicName topic_ = *TopicName::parse("a/b");
  PublisherTopic key_{multicast::TopicId::of(topic_), 42};
  PublishWindow window_{1'000};
};

TEST_F(PublishWindowTest, AcknowledgesCumulatively) {
  add(1, 2);
  add(3);
  add(4);
  EXPECT_THAT(taken(3), ElementsAre("taken 3"));
  EXPECT_THAT(taken(3), IsEmpty());
  EXPECT_THAT(taken(9), ElementsAre("taken 4"));
  EXPECT_EQ(window_.bytes(), 0u);
  EXPECT_FALSE(window_.waits_for(key_));
}

TEST_F(PublishWindowTest, DoesNotAcknowledgeHalfABatch) {
  add(1, 10);
  EXPECT_THAT(taken(9), IsEmpty());
  EXPECT_THAT(taken(10), ElementsAre("taken 10"));
}

TEST_F(PublishWindowTest, SaysARefusalOnlyAfterEverythingBeforeItIsSettled) {
  add(1);
  add(2);
  add(3);
  EXPECT_THAT(refused(2), IsEmpty());
  EXPECT_THAT(taken(3), ElementsAre("taken 1", "refused 2", "taken 3"));
}

TEST_F(PublishWindowTest, SaysARefusalAtOnceWhenNothingIsBeforeIt) {
  add(1);
  EXPECT_THAT(refused(1), ElementsAre("refused 1"));
  EXPECT_EQ(window_.bytes(), 0u);
}

TEST_F(PublishWindowTest, TopicsAndPublishersDoNotHoldEachOtherUp) {
  add(1);
  const PublisherTopic other{key_.first, 43};
  window_.add(other, topic_, make_batch(43, 1));
  std::vector<client::PublishAck> due;
  window_.taken(other, 1, {}, due);
  ASSERT_EQ(due.size(), 1u);
  EXPECT_EQ(due[0].publisher, 43u);
  EXPECT_EQ(due[0].topic, "a/b");
  EXPECT_TRUE(window_.waits_for(key_));
}

TEST_F(PublishWindowTest, ARepublishedBatchIsAcknowledgedAgain) {
  add(1);
  EXPECT_THAT(taken(1), ElementsAre("taken 1"));
  add(1);
  EXPECT_THAT(taken(1), ElementsAre("taken 1"));
}

TEST_F(PublishWindowTest, AdmitsOneBatchOfAnySizeAndFurtherOnesWithinTheLimit) {
  EXPECT_TRUE(window_.admits(1'000'000));
  add(1);
  EXPECT_TRUE(window_.admits(899));
  EXPECT_FALSE(window_.admits(900));
  taken(1);
  EXPECT_TRUE(window_.admits(1'000'000));
}

TEST_F(PublishWindowTest, LimitsTheNumberOfTinyBatches) {
  multicast::Sequence next = 1;
  while (window_.admits(1)) window_.add(key_, topic_, {key_.second, next++, 1, Payload()});
  EXPECT_EQ(next - 1, 1'000 / PublishWindow::kBytesPerBatch);
}

}  // namespace
}  // namespace phyllo::broker
