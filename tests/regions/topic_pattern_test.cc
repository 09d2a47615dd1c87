#include "regions/topic_pattern.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace phyllo::regions {
namespace {

bool matches(std::string_view pattern, std::string_view topic) {
  return TopicPattern::parse(pattern).value().matches(TopicName::parse(topic).value());
}

std::string refusal(std::string_view pattern) {
  const auto parsed = TopicPattern::parse(pattern);
  return parsed ? "" : parsed.error().message;
}

TEST(TopicPattern, WithoutWildcardsIsOneTopic) {
  EXPECT_TRUE(matches("a/b", "a/b"));
  EXPECT_FALSE(matches("a/b", "a"));
  EXPECT_FALSE(matches("a/b", "a/b/c"));
  EXPECT_FALSE(matches("a/b", "a/bb"));
}

TEST(TopicPattern, APlusIsExactlyOneLevel) {
  EXPECT_TRUE(matches("a/+/c", "a/b/c"));
  EXPECT_FALSE(matches("a/+/c", "a/c"));
  EXPECT_FALSE(matches("a/+/c", "a/b/b/c"));
  EXPECT_TRUE(matches("+", "a"));
  EXPECT_FALSE(matches("+", "a/b"));
}

TEST(TopicPattern, AHashIsAllThatIsBelowAndTheTopicItself) {
  EXPECT_TRUE(matches("a/#", "a"));
  EXPECT_TRUE(matches("a/#", "a/b"));
  EXPECT_TRUE(matches("a/#", "a/b/c"));
  EXPECT_FALSE(matches("a/#", "ab"));
  EXPECT_FALSE(matches("a/+/#", "a"));
  EXPECT_TRUE(matches("#", "anything/at/all"));
}

TEST(TopicPattern, SaysWhyItIsNone) {
  EXPECT_EQ(refusal(""), "invalid topic pattern: it is empty");
  EXPECT_EQ(refusal("a/#/b"), "invalid topic pattern: '#' is only possible as the last level");
  EXPECT_EQ(refusal("a/b*"),
            "invalid topic pattern: a wildcard stands for a whole level, not for a part of one");
  EXPECT_EQ(refusal("a/*"),
            "invalid topic pattern: '*' means nothing here; write '+' for any one level");
  EXPECT_THAT(refusal("a//b"), testing::HasSubstr("leaves a level empty"));
  EXPECT_THAT(refusal("a/"), testing::HasSubstr("leaves a level empty"));
  EXPECT_THAT(refusal("a\n"), testing::HasSubstr("control character"));
  EXPECT_THAT(refusal("\xff"), testing::HasSubstr("UTF-8"));
  EXPECT_THAT(refusal(std::string(256, 'a')), testing::HasSubstr("limit is 255"));
}

RC_GTEST_PROP(TopicPattern, MatchesTheNameItWasMadeFrom, ()) {
  const auto levels = *rc::gen::resize(
      8, rc::gen::nonEmpty(rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 4))));
  std::string topic;
  std::string pattern;
  for (const int level : levels) {
    const std::string name(1, static_cast<char>('a' + level));
    const bool open = *rc::gen::arbitrary<bool>();
    topic += (topic.empty() ? "" : "/") + name;
    pattern += (pattern.empty() ? "" : "/") + (open ? "+" : name);
  }
  RC_ASSERT(matches(pattern, topic));
  RC_ASSERT(matches(pattern + "/#", topic));
  RC_ASSERT(matches(pattern + "/#", topic + "/more"));
  RC_ASSERT(!matches(pattern, topic + "/more"));
}

}  // namespace
}  // namespace phyllo::regions
