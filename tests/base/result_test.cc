#include "base/result.h"

#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <string>

namespace phyllo {
namespace {

TEST(Result, holds_a_value_or_an_error) {
  const Result<int> good = 5;
  ASSERT_TRUE(good.ok());
  EXPECT_EQ(*good, 5);
  const Result<int> bad = Error{ErrorCode::kLimit, "too many"};
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().code, ErrorCode::kLimit);
  EXPECT_EQ(bad.error().message, "too many");
}

TEST(Result, hands_out_what_can_only_be_moved) {
  Result<std::unique_ptr<int>> result = std::make_unique<int>(7);
  const std::unique_ptr<int> taken = std::move(result).value();
  EXPECT_EQ(*taken, 7);
}

TEST(Result, read_on_the_wrong_side_stops_the_program) {
  const Result<int> bad = Error{ErrorCode::kClosed, ""};
  EXPECT_DEATH(static_cast<void>(bad.value()), "broken invariant");
  const Result<int> good = 1;
  EXPECT_DEATH(static_cast<void>(good.error()), "broken invariant");
}

TEST(ErrorCode, has_a_name_of_its_own_each) {
  std::set<std::string> names;
  for (int code = 0; code <= static_cast<int>(ErrorCode::kClosed); ++code) {
    names.insert(to_string(static_cast<ErrorCode>(code)));
  }
  EXPECT_EQ(names.size(), static_cast<std::size_t>(ErrorCode::kClosed) + 1);
  EXPECT_FALSE(names.contains("unknown"));
}

}  // namespace
}  // namespace phyllo
