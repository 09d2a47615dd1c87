#include "overlay/places.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace phyllo::overlay {
namespace {

PlaceText text(const std::string& wan) { return {"eu", "tcp://10.0.0.1:7400", wan}; }

TEST(Places, GiveTheSamePlaceForTheSameText) {
  Places places;
  const auto one = places.of(text("tcp://a:1"));
  const auto again = places.of(text("tcp://a:1"));
  const auto other = places.of(text("tcp://b:1"));
  ASSERT_TRUE(one.ok() && again.ok() && other.ok());
  EXPECT_EQ(*one, *again);
  EXPECT_NE(*one, *other);
  EXPECT_EQ((*one)->place().wan.text(), "tcp://a:1");
  EXPECT_EQ(places.size(), 2u);
}

TEST(Places, TellTheEndpointsApart) {
  Places places;
  const auto one = places.of({"", "tcp://a:1", "tcp://b:1"});
  const auto swapped = places.of({"", "tcp://b:1", "tcp://a:1"});
  EXPECT_NE(*one, *swapped);
}

TEST(Places, RefuseAndDoNotKeepWhatIsNoPlace) {
  Places places;
  EXPECT_FALSE(places.of(text("http://a:1")).ok());
  EXPECT_FALSE(places.of(text("tcp://\xff:1")).ok());
  EXPECT_FALSE(places.of({"\xc0\xaf", "", ""}).ok());
  EXPECT_FALSE(places.of({std::string(65, 'r'), "", ""}).ok());
  EXPECT_EQ(places.size(), 0u);
}

TEST(Places, StayWithinTheirLimitAndKeepThoseInUse) {
  Places places(10);
  const auto kept = *places.of(text("tcp://kept:1"));
  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE(places.of(text("tcp://host" + std::to_string(i) + ":1")).ok());
    ASSERT_LE(places.size(), 10u);
  }
  EXPECT_EQ(*places.of(text("tcp://kept:1")), kept);
}

TEST(Places, StayWithinTheirLimitWhenAllAreInUse) {
  Places places(10);
  std::vector<Places::Known> held;
  for (int i = 0; i < 30; ++i) {
    held.push_back(*places.of(text("tcp://host" + std::to_string(i) + ":1")));
    ASSERT_LE(places.size(), 10u);
  }
}

}  // namespace
}  // namespace phyllo::overlay
