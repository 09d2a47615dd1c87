#include "broker/core/ingress.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/broker/core/batches.h"

namespace phyllo::broker {
namespace {

class IngressTest : public testing::Test {
 protected:
  void add(SessionId session, const std::string& topic, multicast::Sequence first) {
    const TopicName name = *TopicName::parse(topic);
    ingress_.add({session, name, multicast::TopicId::of(name), make_batch(session, first)});
  }
  /// E.g. "a 3" for topic a and number 3; "-" when nothing can be handed in.
  std::string next() const {
    const auto* waiting = ingress_.next();
    if (waiting == nullptr) return "-";
    return waiting->topic.text() + " " + std::to_string(waiting->batch.publisher_first);
  }
  std::string pop() {
    std::string text = next();
    ingress_.pop();
    return text;
  }
  static multicast::TopicId id(const std::string& topic) {
    return multicast::TopicId::of(*TopicName::parse(topic));
  }

  Ingress ingress_;
};

TEST_F(IngressTest, HandsInWhatCameInOrder) {
  add(1, "a", 1);
  add(1, "a", 2);
  EXPECT_EQ(pop(), "a 1");
  EXPECT_EQ(pop(), "a 2");
  EXPECT_EQ(next(), "-");
  EXPECT_EQ(ingress_.size(), 0u);
}

TEST_F(IngressTest, ATopicSetAsideKeepsItsOrderAndHoldsNobodyElseUp) {
  add(1, "full", 1);
  ingress_.set_aside();
  add(1, "full", 2);
  add(1, "free", 1);
  EXPECT_EQ(pop(), "free 1");
  EXPECT_EQ(next(), "-");
  ingress_.retry(id("full"));
  EXPECT_EQ(pop(), "full 1");
  EXPECT_EQ(pop(), "full 2");
}

TEST_F(IngressTest, RetriesAllTopicsOrOnlyTheOneNamed) {
  for (const auto* topic : {"a", "b", "c"}) {
    add(1, topic, 1);
    ingress_.set_aside();
  }
  ingress_.retry(id("b"));
  EXPECT_EQ(pop(), "b 1");
  EXPECT_TRUE(ingress_.anything_aside());
  ingress_.retry(id("b"));
  EXPECT_EQ(next(), "-");
  ingress_.retry_all();
  EXPECT_FALSE(ingress_.anything_aside());
  pop();
  pop();
  EXPECT_EQ(ingress_.size(), 0u);
}

TEST_F(IngressTest, DropsWhatASessionThatIsOverLeftBehind) {
  add(1, "mine", 1);
  ingress_.set_aside();
  add(1, "shared", 2);
  add(2, "shared", 3);
  ingress_.drop_session(1);
  EXPECT_EQ(ingress_.size(), 1u);
  EXPECT_FALSE(ingress_.anything_aside());
  EXPECT_EQ(pop(), "shared 3");
  EXPECT_EQ(next(), "-");
  add(2, "mine", 4);
  EXPECT_EQ(pop(), "mine 4");
}

}  // namespace
}  // namespace phyllo::broker
