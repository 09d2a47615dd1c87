#include "base/rare_map.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "base/boxed.h"

namespace phyllo {
namespace {

TEST(RareMap, TakesTheRoomOfAPointerAndIsEmptyUntilFilled) {
  EXPECT_EQ(sizeof(RareMap<int, std::string>), sizeof(void*));
  RareMap<int, std::string> map;
  EXPECT_TRUE(map.empty());
  EXPECT_EQ(map.begin(), map.end());
  EXPECT_EQ(map.find(1), map.end());
  EXPECT_EQ(map.erase(1), 0u);
  map.erase_if([](const auto&) { return true; });
  EXPECT_EQ(map.size(), 0u);
}

TEST(RareMap, IsAMapOnceFilledAndEmptyAgainWithoutItsLastValue) {
  RareMap<int, std::string> map;
  EXPECT_TRUE(map.emplace(2, "two").second);
  EXPECT_FALSE(map.emplace(2, "deux").second);
  map.insert_or_assign(1, "one");
  map.insert_or_assign(1, "un");
  std::string all;
  for (const auto& [key, value] : map) all += value + ' ';
  EXPECT_EQ(all, "un two ") << "in order";
  EXPECT_TRUE(map.contains(2));
  EXPECT_EQ(std::as_const(map).find(2)->second, "two");
  map.erase_if([](const auto& entry) { return entry.first == 2; });
  EXPECT_EQ(map.erase(1), 1u);
  EXPECT_TRUE(map.empty());
  EXPECT_EQ(map.begin(), map.end());
}

TEST(Boxed, TakesTheRoomOfAPointerAndCopiesDeeply) {
  EXPECT_EQ(sizeof(Boxed<std::string>), sizeof(void*));
  Boxed<std::string> one(std::string("leaf"));
  Boxed<std::string> other = one;
  *other += "s";
  EXPECT_EQ(*one, "leaf");
  EXPECT_EQ(other.optional(), "leafs");
  one = other;
  EXPECT_EQ(*one, "leafs");
  one.reset();
  EXPECT_FALSE(one);
  EXPECT_EQ(one.optional(), std::nullopt);
  EXPECT_EQ(one.value_or("none"), "none");
  EXPECT_EQ(other.optional(), "leafs");
  EXPECT_EQ(Boxed<std::string>(std::optional<std::string>()).has_value(), false);
  EXPECT_EQ(one.get_or_make(), "");
  EXPECT_TRUE(one.has_value());
}

}  // namespace
}  // namespace phyllo
