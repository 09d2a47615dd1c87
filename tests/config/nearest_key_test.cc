#include "broker/config/nearest_key.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace phyllo::broker {
namespace {

const std::vector<std::string> kKeys = {"heartbeat", "listen", "level", "levels", "seeds"};

TEST(NearestKey, SeesThroughOneWrongLetter) {
  EXPECT_EQ(nearest_key("heartbet", kKeys), "heartbeat");
  EXPECT_EQ(nearest_key("heartbeet", kKeys), "heartbeat");
  EXPECT_EQ(nearest_key("hheartbeat", kKeys), "heartbeat");
}

TEST(NearestKey, CountsSwappedNeighboursAsOneMistake) {
  EXPECT_EQ(nearest_key("sedes", kKeys), "seeds");
  EXPECT_EQ(nearest_key("lisetn", kKeys), "listen");
}

TEST(NearestKey, IgnoresCapitalsAndHyphens) {
  const std::vector<std::string> keys = {"queue_size"};
  EXPECT_EQ(nearest_key("Queue-Size", keys), "queue_size");
}

TEST(NearestKey, PrefersTheCloserOfTwo) {
  EXPECT_EQ(nearest_key("levles", kKeys), "levels");
  EXPECT_EQ(nearest_key("leve", kKeys), "level");
}

TEST(NearestKey, OffersNothingForAnotherWord) {
  EXPECT_EQ(nearest_key("colour", kKeys), "");
  EXPECT_EQ(nearest_key("", kKeys), "");
  EXPECT_EQ(nearest_key(std::string(100'000, 'l'), kKeys), "");
}

}  // namespace
}  // namespace phyllo::broker
