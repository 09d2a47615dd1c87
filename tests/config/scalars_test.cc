#include "broker/config/scalars.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <chrono>
#include <limits>
#include <string>

namespace phyllo::broker {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(Scalars, ReadDurationsOfEveryUnit) {
  EXPECT_EQ(*parse_duration("7ns"), Duration(7));
  EXPECT_EQ(*parse_duration("3us"), std::chrono::microseconds(3));
  EXPECT_EQ(*parse_duration("250ms"), milliseconds(250));
  EXPECT_EQ(*parse_duration("5s"), seconds(5));
  EXPECT_EQ(*parse_duration("2min"), seconds(120));
  EXPECT_EQ(*parse_duration("1h"), hours(1));
  EXPECT_EQ(*parse_duration("0s"), Duration(0));
}

TEST(Scalars, ReadSizesOfEveryUnit) {
  EXPECT_EQ(*parse_bytes("1B"), 1u);
  EXPECT_EQ(*parse_bytes("64KiB"), 65536u);
  EXPECT_EQ(*parse_bytes("8MiB"), 8u << 20);
  EXPECT_EQ(*parse_bytes("3GiB"), 3ull << 30);
}

TEST(Scalars, ShowTheLargestUnitThatFits) {
  EXPECT_EQ(show_duration(milliseconds(1500)), "1500ms");
  EXPECT_EQ(show_duration(seconds(60)), "1min");
  EXPECT_EQ(show_duration(Duration(0)), "0ns");
  EXPECT_EQ(show_bytes(1 << 20), "1MiB");
  EXPECT_EQ(show_bytes(1025), "1025B");
  EXPECT_EQ(show_real(2.5), "2.5");
  EXPECT_EQ(show_real(5), "5");
}

TEST(Scalars, ReadTheLargestNumberAndRefuseTheNext) {
  EXPECT_EQ(*parse_count("18446744073709551615"), std::numeric_limits<std::uint64_t>::max());
  EXPECT_FALSE(parse_count("18446744073709551616").ok());
  EXPECT_EQ(*parse_duration("9223372036854775807ns"), Duration::max());
  EXPECT_FALSE(parse_duration("9223372036854775808ns").ok());
  EXPECT_TRUE(parse_duration("2562047h").ok());
  EXPECT_FALSE(parse_duration("2562048h").ok());
}

TEST(Scalars, RefuseWhatOnlyLooksLikeANumber) {
  for (const char* text : {"", " 1", "1 ", "+1", "-1", "01", "00", "1.", ".5", "1e3", "0x1",
                           "1,000", "1_000", "١", "1\n", "inf", "nan", "1.5.2"}) {
    EXPECT_FALSE(parse_count(text).ok()) << text;
    EXPECT_FALSE(parse_real(text).ok()) << text;
    EXPECT_FALSE(parse_duration(std::string(text) + "s").ok()) << text;
    EXPECT_FALSE(parse_bytes(std::string(text) + "B").ok()) << text;
  }
}

RC_GTEST_PROP(Scalars, CountReadsBackWhatIsPrinted, (std::uint64_t number)) {
  RC_ASSERT(*parse_count(std::to_string(number)) == number);
}

RC_GTEST_PROP(Scalars, DurationReadsBackWhatIsShown, ()) {
  const auto count = *rc::gen::inRange<Duration::rep>(0, Duration::max().count());
  RC_ASSERT(*parse_duration(show_duration(Duration(count))) == Duration(count));
}

RC_GTEST_PROP(Scalars, SizeReadsBackWhatIsShown, ()) {
  const auto bytes = *rc::gen::inRange<std::int64_t>(0, std::numeric_limits<std::int64_t>::max());
  RC_ASSERT(*parse_bytes(show_bytes(bytes)) == static_cast<std::uint64_t>(bytes));
}

RC_GTEST_PROP(Scalars, RealReadsBackWhatIsShown, ()) {
  const double number = *rc::gen::inRange(0, 1'000'000) / 1024.0;
  RC_ASSERT(*parse_real(show_real(number)) == number);
}

/// The tables of bad configurations say what the reasons are.
template <class T>
bool read_or_refused_with_a_reason(const Result<T>& result) {
  return result.ok() || result.error().message.starts_with("must be ");
}

RC_GTEST_PROP(Scalars, AnyTextIsReadOrRefusedWithAReason, (const std::string& text)) {
  RC_ASSERT(read_or_refused_with_a_reason(parse_count(text)));
  RC_ASSERT(read_or_refused_with_a_reason(parse_real(text)));
  RC_ASSERT(read_or_refused_with_a_reason(parse_duration(text)));
  RC_ASSERT(read_or_refused_with_a_reason(parse_bytes(text)));
}

}  // namespace
}  // namespace phyllo::broker
