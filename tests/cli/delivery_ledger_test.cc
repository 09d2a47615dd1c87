#include "cli/demo/delivery_ledger.h"

#include <gtest/gtest.h>

namespace phyllo::cli {
namespace {

constexpr DeliveryLedger::Publisher kOwn = 7;
constexpr DeliveryLedger::Publisher kStranger = 9;

TEST(DeliveryLedger, IsCleanWhenEveryNumberArrivesOnceInOrder) {
  DeliveryLedger ledger(2);
  ledger.published("a", kOwn, 3);
  for (std::uint64_t number = 1; number <= 3; ++number) {
    ledger.received(0, "a", kOwn, number);
    ledger.received(1, "a", kOwn, number);
  }
  EXPECT_EQ(ledger.total().published, 3u);
  EXPECT_EQ(ledger.total().received, 6u);
  EXPECT_EQ(ledger.total().missing, 0u);
  EXPECT_EQ(ledger.total().repeated, 0u);
  EXPECT_EQ(ledger.outstanding(), 0u);
}

TEST(DeliveryLedger, CountsAHoleInTheMiddle) {
  DeliveryLedger ledger(1);
  ledger.published("a", kOwn, 5);
  ledger.received(0, "a", kOwn, 1);
  ledger.received(0, "a", kOwn, 5);
  EXPECT_EQ(ledger.of_topic("a").missing, 3u);
  EXPECT_EQ(ledger.of_subscriber(0).missing, 3u);
}

TEST(DeliveryLedger, CountsTheFirstMessagesOfTheOwnPublisherAsMissing) {
  DeliveryLedger ledger(1);
  ledger.published("a", kOwn, 3);
  ledger.received(0, "a", kOwn, 3);
  EXPECT_EQ(ledger.total().missing, 2u);
}

TEST(DeliveryLedger, StartsWithTheFirstNumberOfAStranger) {
  DeliveryLedger ledger(1);
  ledger.received(0, "a", kStranger, 100);
  ledger.received(0, "a", kStranger, 101);
  EXPECT_EQ(ledger.total().missing, 0u);
  ledger.received(0, "a", kStranger, 103);
  EXPECT_EQ(ledger.total().missing, 1u);
}

TEST(DeliveryLedger, CountsWhatComesAgainAndDoesNotCountItAsReceived) {
  DeliveryLedger ledger(1);
  ledger.published("a", kOwn, 2);
  ledger.received(0, "a", kOwn, 1);
  ledger.received(0, "a", kOwn, 2);
  ledger.received(0, "a", kOwn, 1);
  EXPECT_EQ(ledger.total().received, 2u);
  EXPECT_EQ(ledger.total().repeated, 1u);
}

TEST(DeliveryLedger, KnowsWhatHasNotArrivedYetAtEachSubscriber) {
  DeliveryLedger ledger(2);
  ledger.published("a", kOwn, 10);
  ledger.received(0, "a", kOwn, 1);
  EXPECT_EQ(ledger.outstanding(), 9u + 10u);
}

TEST(DeliveryLedger, CountsButDoesNotRememberTooManyStrangers) {
  DeliveryLedger ledger(1);
  const std::uint64_t strangers = DeliveryLedger::kMostStreams + 50;
  for (std::uint64_t stranger = 1; stranger <= strangers; ++stranger) {
    ledger.received(0, "a", 1'000 + stranger, 1);
    ledger.received(0, "a", 1'000 + stranger, 3);
  }
  EXPECT_EQ(ledger.total().received, 2 * strangers);
  EXPECT_EQ(ledger.total().missing, DeliveryLedger::kMostStreams);
  ledger.published("a", kOwn, 2);
  ledger.received(0, "a", kOwn, 2);
  EXPECT_EQ(ledger.total().missing, DeliveryLedger::kMostStreams + 1);
}

TEST(DeliveryLedger, KeepsTopicsApart) {
  DeliveryLedger ledger(1);
  ledger.published("a", kOwn, 1);
  ledger.published("a/b", kOwn, 1);
  ledger.received(0, "a/b", kOwn, 1);
  EXPECT_EQ(ledger.of_topic("a").received, 0u);
  EXPECT_EQ(ledger.of_topic("a").published, 1u);
  EXPECT_EQ(ledger.of_topic("a/b").received, 1u);
}

}  // namespace
}  // namespace phyllo::cli
