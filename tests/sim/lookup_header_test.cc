#include "sim/experiment/lookup_header.h"

#include <gtest/gtest.h>

namespace phyllo::sim {
namespace {

TEST(LookupHeader, OfALookupThatNeedsNoMoreIsItsNumber) {
  LookupHeader header;
  header.number = 17;
  EXPECT_EQ(header.text(), "17");
  const auto read = LookupHeader::parse("17");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->number, 17u);
  EXPECT_FALSE(read->sender.known());
  EXPECT_FALSE(read->chosen);
  EXPECT_FALSE(read->closest);
}

TEST(LookupHeader, IsReadBackAsItWasWritten) {
  LookupHeader header;
  header.number = 3;
  header.sender = {{-5, 0, 1 << 30}, 12, 200};
  header.chosen = true;
  header.closest = overlay::NodeId(overlay::Uint128{0xab} << 120);
  const auto read = LookupHeader::parse(header.text());
  ASSERT_TRUE(read);
  EXPECT_EQ(read->number, header.number);
  EXPECT_EQ(read->sender, header.sender);
  EXPECT_EQ(read->chosen, header.chosen);
  EXPECT_EQ(read->closest, header.closest);
}

TEST(LookupHeader, OtherTextIsNone) {
  for (const char* text : {"", "x", "-1", "17 ", "17 1", "17 1 2 3 4 5 0", "17 1 2 3 4 5 0 ab",
                           "17 1 2 3 4 256 0 ab000000000000000000000000000000"}) {
    EXPECT_FALSE(LookupHeader::parse(text)) << text;
  }
}

}  // namespace
}  // namespace phyllo::sim
