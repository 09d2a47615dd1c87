#include "cli/display_text.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "cli/complaint.h"
#include "cli/text_table.h"

namespace phyllo::cli {
namespace {

TEST(DisplayText, CountsCharactersNotBytes) {
  EXPECT_EQ(display_width("µs"), 2u);
  EXPECT_EQ(display_width("└── a"), 5u);
}

TEST(DisplayText, CutsAtCharacters) {
  EXPECT_EQ(cut_to("abcdef", 6), "abcdef");
  EXPECT_EQ(cut_to("abcdef", 4), "abc…");
  EXPECT_EQ(cut_to("ääää", 3), "ää…");
  EXPECT_EQ(cut_to("abc", 1), "…");
  EXPECT_EQ(cut_to("abc", 0), "");
}

TEST(DisplayText, GroupsDigits) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1000), "1,000");
  EXPECT_EQ(grouped(12'345'678), "12,345,678");
  EXPECT_EQ(counted(1, "subscriber"), "1 subscriber");
  EXPECT_EQ(counted(2, "subscriber"), "2 subscribers");
}

TEST(DisplayText, ShowsTextAndEscapesWhatATerminalWouldObey) {
  EXPECT_EQ(printable("grün 21°"), "grün 21°");
  EXPECT_EQ(printable("a\x1b[2Jb\n"), "a\\x1b[2Jb\\x0a");
  EXPECT_EQ(printable("\xc2\x9b[2J"), "\\xc2\\x9b[2J");  // the one-byte CSI as UTF-8
  EXPECT_EQ(printable("\xff\xc3"), "\\xff\\xc3");
  EXPECT_EQ(printable("\x7f"), "\\x7f");
}

RC_GTEST_PROP(DisplayText, NeverLetsAControlCharacterThrough, (const std::string& bytes)) {
  const std::string shown = printable(bytes);
  RC_ASSERT(is_utf8(shown));
  RC_ASSERT(std::ranges::none_of(shown, [](char c) { return (c >= 0 && c < ' ') || c == 0x7f; }));
}

TEST(TextTable, AlignsColumnsAndLeavesNoSpaceAtLineEnds) {
  TextTable table({{"NAME"}, {"COUNT", TextTable::Align::kRight}, {"NOTE"}});
  table.add({"a", "1", "x"});
  table.add({"größer", "1,000"});
  EXPECT_EQ(table.lines(),
            (std::vector<std::string>{"NAME    COUNT  NOTE", "a           1  x", "größer  1,000"}));
}

TEST(Complaint, IsOneLineWhateverTheMessageHolds) {
  EXPECT_EQ(complaint_line("pub", "no\nway\x1b[1m"), "phyllo pub: no way [1m\n");
  EXPECT_EQ(complaint_line("", "unknown verb"), "phyllo: unknown verb\n");
}

}  // namespace
}  // namespace phyllo::cli
