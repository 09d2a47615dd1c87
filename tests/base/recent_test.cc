#include "base/recent.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace phyllo {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

using Numbers = Recent<std::string, int>;
constexpr Time kStart{};

std::vector<int> items(const std::vector<Numbers::Kept>& kept) {
  std::vector<int> items;
  for (const auto& [item, when] : kept) items.push_back(item);
  return items;
}

TEST(Recent, GivesAKeysItemsBackOnceAndInOrder) {
  Numbers recent({.time = 2s, .key_bytes = 1000, .bytes = 1000});
  recent.add(kStart, "news", 1, 100);
  recent.add(kStart, "sport", 5, 100);
  recent.add(kStart + 1s, "news", 2, 100);
  EXPECT_EQ(recent.bytes(), 300u);
  const auto kept = recent.take(kStart + 1s, "news");
  EXPECT_THAT(items(kept), ElementsAre(1, 2));
  EXPECT_EQ(kept.back().when, kStart + 1s);
  EXPECT_THAT(recent.take(kStart + 1s, "news"), IsEmpty());
  EXPECT_EQ(recent.bytes(), 100u);
}

TEST(Recent, ForgetsWithTime) {
  Numbers recent({.time = 2s, .key_bytes = 1000, .bytes = 1000});
  recent.add(kStart, "news", 1, 100);
  recent.add(kStart + 1s, "news", 2, 100);
  EXPECT_THAT(items(recent.take(kStart + 2500ms, "news")), ElementsAre(2));
  recent.add(kStart + 3s, "news", 3, 100);
  recent.add(kStart + 9s, "sport", 1, 100);
  EXPECT_EQ(recent.bytes(), 100u) << "whoever adds makes room of what is too old";
}

TEST(Recent, ForgetsAKeyWhenTold) {
  Numbers recent({.time = 2s, .key_bytes = 1000, .bytes = 1000});
  recent.add(kStart, "news", 1, 100);
  recent.add(kStart, "sport", 2, 100);
  recent.forget("news");
  recent.forget("weather");
  EXPECT_THAT(recent.take(kStart, "news"), IsEmpty());
  EXPECT_EQ(recent.bytes(), 100u);
}

TEST(Recent, KeepsTheLatestWithinTheBoundOfEachKey) {
  Numbers recent({.time = 2s, .key_bytes = 250, .bytes = 1000});
  for (int i = 1; i <= 5; ++i) recent.add(kStart, "news", i, 100);
  recent.add(kStart, "sport", 1, 100);
  EXPECT_EQ(recent.bytes(), 300u);
  EXPECT_THAT(items(recent.take(kStart, "news")), ElementsAre(4, 5));
}

TEST(Recent, KeepsWithinTheBoundOverAllKeysTheOldestGoing) {
  Numbers recent({.time = 2s, .key_bytes = 250, .bytes = 400});
  for (int i = 1; i <= 100; ++i) {
    recent.add(kStart, std::to_string(i), i, 100);
    EXPECT_LE(recent.bytes(), 400u);
  }
  EXPECT_THAT(recent.take(kStart, "96"), IsEmpty());
  EXPECT_THAT(items(recent.take(kStart, "97")), ElementsAre(97));
}

TEST(Recent, HasNoRoomForOneThatIsTooLargeNorForWhatCameBeforeIt) {
  Numbers recent({.time = 2s, .key_bytes = 250, .bytes = 400});
  recent.add(kStart, "news", 1, 100);
  recent.add(kStart, "news", 2, 300);
  recent.add(kStart, "news", 3, 100);
  EXPECT_THAT(items(recent.take(kStart, "news")), ElementsAre(3)) << "a hole must not arise";
  EXPECT_EQ(recent.bytes(), 0u);
}

}  // namespace
}  // namespace phyllo
