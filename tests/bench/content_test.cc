#include "bench/compare/workload/content.h"

#include <gtest/gtest.h>

#include <string>

namespace phyllo::bench {
namespace {

TEST(Content, ReadsWhatItMade) {
  for (const std::size_t size : {16u, 17u, 128u, 65536u}) {
    Content content(size);
    const std::string message(content.make({7, 1234, -5}));
    ASSERT_EQ(message.size(), size);
    const auto stamp = content.read(message);
    ASSERT_TRUE(stamp) << size;
    EXPECT_EQ(stamp->topic, 7u);
    EXPECT_EQ(stamp->number, 1234u);
    EXPECT_EQ(stamp->planned_at, -5);
  }
}

TEST(Content, NoticesAnyAlteredByteAndAnyOtherLength) {
  Content content(40);
  const std::string message(content.make({1, 2, 3}));
  for (std::size_t i = kStampBytes; i < message.size(); ++i) {
    std::string altered = message;
    altered[i] = static_cast<char>(altered[i] ^ 1);
    EXPECT_FALSE(content.read(altered)) << i;
  }
  EXPECT_FALSE(content.read(message.substr(1)));
  EXPECT_FALSE(content.read(message + "x"));
  EXPECT_FALSE(content.read(""));
}

TEST(Content, DiffersFromMessageToMessage) {
  Content content(64);
  const std::string one(content.make({0, 0, 0}));
  const std::string next(content.make({0, 1, 0}));
  EXPECT_NE(one.substr(kStampBytes), next.substr(kStampBytes));
}

}  // namespace
}  // namespace phyllo::bench
