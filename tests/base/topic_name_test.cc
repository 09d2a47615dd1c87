#include "base/topic_name.h"

#include <gtest/gtest.h>

#include <string>

namespace phyllo {
namespace {

bool valid(const std::string& text) { return TopicName::parse(text).ok(); }

TEST(TopicName, has_levels_of_any_utf8) {
  for (const std::string& text :
       {std::string("a"), std::string("a/b/c"), std::string("sensors/температура/室温"),
        std::string("emoji/🥐"), std::string("with space/and.dots-_~"), std::string(255, 'x')}) {
    const auto name = TopicName::parse(text);
    ASSERT_TRUE(name.ok()) << text;
    EXPECT_EQ(name->text(), text);
  }
}

TEST(TopicName, has_no_empty_level) {
  for (const char* text : {"", "/", "/a", "a/", "a//b"}) EXPECT_FALSE(valid(text)) << text;
}

TEST(TopicName, has_at_most_255_bytes_not_characters) {
  EXPECT_TRUE(valid(std::string(255, 'x')));
  EXPECT_FALSE(valid(std::string(256, 'x')));
  std::string two_byte_letters;
  for (int i = 0; i < 128; ++i) two_byte_letters += "é";
  EXPECT_FALSE(valid(two_byte_letters));
}

TEST(TopicName, has_no_wildcards_and_no_control_characters) {
  for (const std::string& text : {std::string("a/*"), std::string("a/#"), std::string("+/b"),
                                  std::string("a\nb"), std::string("a\tb"), std::string("a\0b", 3),
                                  std::string("a\x7f"), std::string("a\x1b[31m")}) {
    EXPECT_FALSE(valid(text));
  }
}

TEST(TopicName, is_well_formed_utf8) {
  for (const char* text :
       {"\x80", "\xc3", "\xc3(", "\xe2\x82", "\xf0\x9f\xa5", "\xff", "\xc0\xaf",  // overlong '/'
        "\xe0\x80\xaf", "\xed\xa0\x80",                                           // a surrogate
        "\xf4\x90\x80\x80"}) {                                                    // over U+10FFFF
    EXPECT_FALSE(valid(text));
  }
}

TEST(TopicName, that_is_refused_says_why) {
  const auto refused = TopicName::parse("a//b");
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::kInvalidArgument);
  EXPECT_FALSE(refused.error().message.empty());
}

}  // namespace
}  // namespace phyllo
