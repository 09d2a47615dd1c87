#include "base/publisher_ranges.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace phyllo {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

PublisherRanges some() {
  PublisherRanges ranges;
  ranges.add(7, {4, 5});
  ranges.add(8, {1, 9});
  ranges.add(7, {8, 9});
  return ranges;
}

TEST(PublisherRanges, SayWhatIsInNoneOfThem) {
  EXPECT_THAT(some().outside(7, {1, 10}),
              ElementsAre(NumberRange{1, 3}, NumberRange{6, 7}, NumberRange{10, 10}));
  EXPECT_THAT(some().outside(7, {4, 5}), IsEmpty());
  EXPECT_THAT(some().outside(7, {5, 8}), ElementsAre(NumberRange{6, 7}));
  EXPECT_THAT(some().outside(9, {1, 2}), ElementsAre(NumberRange{1, 2}));
}

TEST(PublisherRanges, SayWhereTheFirstOfThemBegins) {
  EXPECT_EQ(some().first_inside(7, {1, 20}), 4u);
  EXPECT_EQ(some().first_inside(7, {5, 20}), 5u);
  EXPECT_EQ(some().first_inside(7, {6, 20}), 8u);
  EXPECT_EQ(some().first_inside(7, {6, 7}), std::nullopt);
  EXPECT_EQ(some().first_inside(9, {1, 20}), std::nullopt);
}

TEST(PublisherRanges, LoseWhatIsRemovedAndNothingElse) {
  PublisherRanges ranges = some();
  ranges.remove(7, {0, 6});
  EXPECT_THAT(ranges.outside(7, {4, 9}), ElementsAre(NumberRange{4, 7}));
  ranges.remove(8, {3, 4});
  EXPECT_THAT(ranges.outside(8, {1, 9}), ElementsAre(NumberRange{3, 4}));
}

TEST(PublisherRanges, OfTooManyTheOldestAreForgotten) {
  PublisherRanges ranges;
  for (std::uint64_t i = 0; i <= PublisherRanges::kCapacity; ++i) ranges.add(i, {2, 2});
  EXPECT_EQ(ranges.first_inside(0, {2, 2}), std::nullopt);
  EXPECT_EQ(ranges.first_inside(1, {2, 2}), 2u);
}

TEST(PublisherRanges, StaysBoundedWhenItsRangesAreCutToPieces) {
  constexpr std::uint64_t kLast = 10 * PublisherRanges::kCapacity;
  PublisherRanges ranges;
  ranges.add(1, {1, kLast});
  for (std::uint64_t number = 2; number < kLast; number += 2) ranges.remove(1, {number, number});
  const auto between = ranges.outside(1, {1, kLast});
  EXPECT_LE(between.size(), PublisherRanges::kCapacity + 1);
  ranges.add(2, {5, 6});
  EXPECT_TRUE(ranges.outside(2, {5, 6}).empty()) << "the latest is there";
}

}  // namespace
}  // namespace phyllo
