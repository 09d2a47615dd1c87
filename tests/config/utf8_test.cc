#include "broker/config/utf8.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <string>

namespace phyllo::broker {
namespace {

TEST(Utf8, KnowsTheLengthOfASequence) {
  EXPECT_EQ(utf8_sequence("a"), 1u);
  EXPECT_EQ(utf8_sequence("é"), 2u);
  EXPECT_EQ(utf8_sequence("€"), 3u);
  EXPECT_EQ(utf8_sequence("🌿"), 4u);
  EXPECT_EQ(utf8_sequence("\xf4\x8f\xbf\xbf"), 4u);  // U+10FFFF
}

TEST(Utf8, RefusesWhatRfc3629Does) {
  EXPECT_EQ(utf8_sequence(""), 0u);
  EXPECT_EQ(utf8_sequence("\x80"), 0u);              // a tail alone
  EXPECT_EQ(utf8_sequence("\xc3"), 0u);              // cut short
  EXPECT_EQ(utf8_sequence("\xc3("), 0u);             // no tail
  EXPECT_EQ(utf8_sequence("\xc0\xaf"), 0u);          // overlong '/'
  EXPECT_EQ(utf8_sequence("\xe0\x80\xaf"), 0u);      // overlong '/'
  EXPECT_EQ(utf8_sequence("\xf0\x80\x80\xaf"), 0u);  // overlong '/'
  EXPECT_EQ(utf8_sequence("\xed\xa0\x80"), 0u);      // a surrogate
  EXPECT_EQ(utf8_sequence("\xf4\x90\x80\x80"), 0u);  // over U+10FFFF
  EXPECT_EQ(utf8_sequence("\xff"), 0u);
}

TEST(Utf8, CountsCharactersNotBytes) {
  EXPECT_EQ(utf8_length("aé€🌿"), 4u);
  EXPECT_EQ(utf8_length("a\xff"), 2u);
}

TEST(Utf8, PrintableEscapesWhatCouldSteerATerminal) {
  EXPECT_EQ(printable("plain é"), "plain é");
  EXPECT_EQ(printable("a\nb\tc"), "a\\nb\\tc");
  EXPECT_EQ(printable("\x1b[31m\x7f"), "\\x1b[31m\\x7f");
  EXPECT_EQ(printable("\xc2\x9b"), "\\xc2\\x9b");  // CSI among the C1 controls
  EXPECT_EQ(printable("\xff"), "\\xff");
}

RC_GTEST_PROP(Utf8, PrintableHoldsNoControlsAndIsUtf8, (const std::string& text)) {
  const std::string shown = printable(text);
  for (std::size_t i = 0; i < shown.size();) {
    const std::size_t length = utf8_sequence(std::string_view(shown).substr(i));
    RC_ASSERT(length > 0);
    RC_ASSERT(static_cast<unsigned char>(shown[i]) >= 0x20 && shown[i] != 0x7f);
    i += length;
  }
  RC_ASSERT(printable(shown) == shown);
}

}  // namespace
}  // namespace phyllo::broker
