#include "sim/report/number_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace phyllo::sim {
namespace {

using testing::ElementsAre;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(NumberText, GroupsWholeNumbers) {
  EXPECT_EQ(shown_number(std::int64_t{0}), "0");
  EXPECT_EQ(shown_number(std::int64_t{-999}), "-999");
  EXPECT_EQ(shown_number(std::int64_t{2489824}), "2,489,824");
  EXPECT_EQ(shown_number(std::numeric_limits<std::int64_t>::min()), "-9,223,372,036,854,775,808");
}

TEST(NumberText, KeepsFourDigitsOfAFraction) {
  EXPECT_EQ(shown_number(3.97649), "3.976");
  EXPECT_EQ(shown_number(0.6449), "0.6449");
  EXPECT_EQ(shown_number(2.50), "2.5");
  EXPECT_EQ(shown_number(9.99996), "10");
  EXPECT_EQ(shown_number(1234567.89), "1,234,568");
  EXPECT_EQ(shown_number(-12.345678), "-12.35");
}

TEST(NumberText, WritesWhatIsVerySmallOrLargeWithAnExponent) {
  EXPECT_EQ(shown_number(1.5e-5), "1.5e-5");
  EXPECT_EQ(shown_number(-0.000999), "-9.99e-4");
  EXPECT_EQ(shown_number(1e300), "1e300");
}

TEST(NumberText, NamesWhatIsNoNumber) {
  EXPECT_EQ(shown_number(kInfinity), "∞");
  EXPECT_EQ(shown_number(-kInfinity), "-∞");
  EXPECT_EQ(shown_number(std::numeric_limits<double>::quiet_NaN()), "–");
}

std::vector<std::string> column(std::vector<double> numbers) { return shown_numbers(numbers); }

TEST(NumberTexts, GiveAColumnTheSameDecimals) {
  EXPECT_THAT(column({2.485, 3.9764, 3}), ElementsAre("2.485", "3.976", "3.000"));
  EXPECT_THAT(column({0.0006, 0.6449}), ElementsAre("0.0006", "0.6449"));
  EXPECT_THAT(column({1, 2, 0}), ElementsAre("1", "2", "0"));
}

TEST(NumberTexts, RoundEachByItselfWhereOneWouldSuffer) {
  EXPECT_THAT(column({2489824, 1.68, 1.5e-5}), ElementsAre("2,489,824", "1.68", "1.5e-5"));
  EXPECT_THAT(column({1.5e-5, 1.8}), ElementsAre("1.5e-5", "1.8"));
}

TEST(NumberTexts, LeaveOutOfTheColumnWhatIsNoNumber) {
  EXPECT_THAT(column({kInfinity, 1.5, 2.25}), ElementsAre("∞", "1.50", "2.25"));
  EXPECT_THAT(column({}), ElementsAre());
}

TEST(ExactText, ReadsBackAsTheSameNumber) {
  EXPECT_EQ(exact_number(0.1), "0.1");
  EXPECT_EQ(std::stod(exact_number(1.0 / 3)), 1.0 / 3);
  EXPECT_EQ(exact_number(100000), "100000");
  EXPECT_EQ(exact_number(kInfinity), "inf");
}

}  // namespace
}  // namespace phyllo::sim
