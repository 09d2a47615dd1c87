#include "base/stays.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace phyllo {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

using StayIn = Stay<int>;
constexpr Time kStart{};

TEST(Stays, GrowWhileOneStreamTakesTheMessages) {
  Stays<int, Time> stays;
  EXPECT_THAT(stays.as_of(kStart), IsEmpty());
  stays.acknowledged(kStart, 3, 7, 40);
  stays.acknowledged(kStart + 1s, 5, 7, 44);
  EXPECT_THAT(stays.as_of(kStart + 3s), ElementsAre(StayIn{1, 5, 7, 44, 2s}));
}

TEST(Stays, BeginAnewWithAnotherStream) {
  Stays<int, Time> stays;
  stays.acknowledged(kStart, 3, 7, 40);
  stays.acknowledged(kStart + 1s, 5, 8, 2);
  EXPECT_THAT(stays.as_of(kStart + 1s),
              ElementsAre(StayIn{1, 3, 7, 40, 1s}, StayIn{4, 5, 8, 2, 0s}));
}

TEST(Stays, DoNotMoveWhatWasTakenBefore) {
  Stays<int, Time> stays;
  stays.acknowledged(kStart, 3, 7, 40);
  stays.acknowledged(kStart + 1s, 3, 8, 2);  // the next root has it too
  EXPECT_THAT(stays.as_of(kStart), ElementsAre(StayIn{1, 3, 7, 40, 0s}));
}

TEST(Stays, OfManyStreamsTheOldestAreNotToldApart) {
  Stays<int, Time> stays;
  for (int stream = 1; stream <= 6; ++stream) {
    stays.acknowledged(kStart + stream * 1s, static_cast<std::uint64_t>(stream), stream, 9);
  }
  const auto kept = stays.as_of(kStart + 6s);
  ASSERT_EQ(kept.size(), kMaxStays);
  EXPECT_EQ(kept.front(), (StayIn{1, 3, 0, 0, 3s}));
  EXPECT_EQ(kept.back(), (StayIn{6, 6, 6, 9, 0s}));
}

TEST(Stays, LeaveOutWhatWentAnotherWay) {
  Stays<int, Time> stays;
  stays.taken(kStart, 4, 5, 7, 40);
  stays.taken(kStart, 8, 9, 7, 44);
  EXPECT_THAT(stays.as_of(kStart), ElementsAre(StayIn{4, 5, 7, 44, 0s}, StayIn{8, 9, 7, 44, 0s}));
}

TEST(Stays, OfALaterWitnessLieOverThoseOfAnEarlierOne) {
  const std::vector<StayIn> earlier{{1, 10, 7, 40, 9s}};
  const std::vector<StayIn> later{{4, 5, 8, 2, 3s}, {9, 12, 9, 1, 1s}};
  EXPECT_THAT(overlaid(earlier, later),
              ElementsAre(StayIn{1, 3, 7, 40, 9s}, StayIn{4, 5, 8, 2, 3s}, StayIn{6, 8, 7, 40, 9s},
                          StayIn{9, 12, 9, 1, 1s}));
}

TEST(Absence, IsLostUnlessTheNumbersOfAStreamTold) {
  const std::vector<StayIn> stays{{1, 4, 7, 40, 9s}, {6, 7, 8, 2, 3s}, {8, 9, 9, 5, 1s}};
  const auto untold = [](const StayIn& stay) -> std::uint64_t {
    return stay.stream == 7 ? 1 : stay.stream == 8 ? kAllUntold : 0;
  };
  const Absence absent = absence({NumberRange{2, 10}}, stays, untold);
  EXPECT_THAT(absent.lost, ElementsAre(NumberRange{4, 4}, NumberRange{6, 7}));
  EXPECT_THAT(absent.unplaced, ElementsAre(NumberRange{5, 5}, NumberRange{10, 10}));
  EXPECT_EQ(absent.count_unplaced(), 2u);
}

TEST(Stays, AreForgottenWithTime) {
  Stays<int, Time> stays;
  stays.acknowledged(kStart, 3, 7, 40);
  EXPECT_THAT(stays.as_of(kStart + 11min), IsEmpty());
  stays.acknowledged(kStart + 12min, 4, 8, 1);
  EXPECT_THAT(stays.as_of(kStart + 12min), ElementsAre(StayIn{4, 4, 8, 1, 0s}));
}

}  // namespace
}  // namespace phyllo
