#include "cli/suggestion.h"

#include <gtest/gtest.h>

#include <vector>

namespace phyllo::cli {
namespace {

const std::vector<std::string> kVerbs{"help", "pub", "sub", "tree", "peers", "ping", "completion"};

TEST(Suggestion, FindsTheWordBehindOneTypingError) {
  EXPECT_EQ(nearest("pbu", kVerbs), "pub");
  EXPECT_EQ(nearest("tre", kVerbs), "tree");
  EXPECT_EQ(nearest("treee", kVerbs), "tree");
  EXPECT_EQ(nearest("pong", kVerbs), "ping");
}

TEST(Suggestion, AllowsMoreErrorsInLongerWords) {
  EXPECT_EQ(nearest("compeltoin", kVerbs), "completion");
}

TEST(Suggestion, CompletesABeginning) {
  EXPECT_EQ(nearest("comp", kVerbs), "completion");
  EXPECT_EQ(nearest("pe", kVerbs), "peers");
}

TEST(Suggestion, IsSilentWhenNothingIsNear) {
  EXPECT_EQ(nearest("frobnicate", kVerbs), std::nullopt);
  EXPECT_EQ(nearest("", kVerbs), std::nullopt);
  EXPECT_EQ(nearest(std::string(10'000, 'p'), kVerbs), std::nullopt);
}

}  // namespace
}  // namespace phyllo::cli
