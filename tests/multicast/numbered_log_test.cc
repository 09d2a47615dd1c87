#include "multicast/numbered_log.h"

#include <gtest/gtest.h>

namespace phyllo::multicast {
namespace {

constexpr Time kNow{};

TEST(NumberedLog, NeedsNoNumberForWhatHasOne) {
  NumberedLog log;
  EXPECT_EQ(log.take(kNow, 1, 1, 5), 0u);
  EXPECT_EQ(log.take(kNow, 1, 1, 5), 5u);
  EXPECT_EQ(log.take(kNow, 1, 4, 5), 2u);
  EXPECT_EQ(log.take(kNow, 2, 1, 1), 0u);
}

TEST(NumberedLog, WhatPassedByIsNumberedWhenItComes) {
  NumberedLog log;
  log.take(kNow, 1, 1, 5);
  EXPECT_EQ(log.take(kNow, 1, 10, 1), 0u);
  EXPECT_EQ(log.take(kNow, 1, 6, 2), 0u);
  EXPECT_EQ(log.take(kNow, 1, 6, 2), 2u) << "by now it has one";
  EXPECT_EQ(log.take(kNow, 1, 4, 6), 4u) << "4 to 7 have one";
  EXPECT_EQ(log.take(kNow, 1, 4, 6), 6u);
  EXPECT_EQ(log.take(kNow, 1, 11, 1), 0u);
}

TEST(NumberedLog, SoIsWhatWasBeforeTheFirstOfAPublisher) {
  NumberedLog log;
  EXPECT_EQ(log.take(kNow, 1, 10, 1), 0u);
  EXPECT_EQ(log.take(kNow, 1, 8, 2), 0u);
  EXPECT_EQ(log.take(kNow, 1, 8, 3), 3u);
}

}  // namespace
}  // namespace phyllo::multicast
