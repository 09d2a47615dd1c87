#include "base/batch_body.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <vector>

namespace phyllo {
namespace {

std::string body_of(const std::vector<std::string>& messages) {
  BatchBodyWriter writer;
  for (const std::string& message : messages) writer.append(message);
  return std::string(writer.take().view());
}

std::vector<std::string> messages_in(std::string_view body) {
  BatchBodyReader reader(body);
  std::vector<std::string> messages;
  std::string_view message;
  while (reader.next(message)) messages.emplace_back(message);
  return messages;
}

RC_GTEST_PROP(BatchBody, brings_all_messages_back_in_order, ()) {
  auto messages = *rc::gen::arbitrary<std::vector<std::string>>();
  if (*rc::gen::arbitrary<bool>()) {
    messages.push_back(std::string(*rc::gen::inRange<std::size_t>(0, 70'000), 'x'));
  }
  const std::string body = body_of(messages);
  RC_ASSERT(messages_in(body) == messages);
  const auto count = static_cast<std::uint32_t>(messages.size());
  RC_ASSERT(check_batch_body(body, count, 70'000).ok());
  RC_ASSERT(!check_batch_body(body, count + 1, 70'000).ok());
}

RC_GTEST_PROP(BatchBody, cut_short_yields_only_whole_messages_and_says_so, ()) {
  const auto messages = *rc::gen::nonEmpty(
      rc::gen::container<std::vector<std::string>>(rc::gen::string<std::string>()));
  const std::string body = body_of(messages);
  const std::string part = body.substr(0, *rc::gen::inRange<std::size_t>(0, body.size()));
  const auto read = messages_in(part);
  RC_ASSERT(read.size() < messages.size());
  RC_ASSERT(std::equal(read.begin(), read.end(), messages.begin()));
  RC_ASSERT(!check_batch_body(part, static_cast<std::uint32_t>(messages.size()), 1 << 20).ok());
}

RC_GTEST_PROP(BatchBody, announces_the_size_it_will_have, ()) {
  const std::string message(*rc::gen::inRange<std::size_t>(0, 40'000), 'm');
  RC_ASSERT(body_of({message}).size() == BatchBodyWriter::encoded_size(message.size()));
}

TEST(BatchBody, length_takes_one_byte_up_to_127_and_two_from_128) {
  EXPECT_EQ(BatchBodyWriter::encoded_size(0), 1u);
  EXPECT_EQ(BatchBodyWriter::encoded_size(127), 128u);
  EXPECT_EQ(BatchBodyWriter::encoded_size(128), 130u);
  EXPECT_EQ(BatchBodyWriter::encoded_size(16384), 16387u);
}

TEST(BatchBody, with_a_padded_endless_or_huge_length_is_malformed) {
  for (const std::string& body :
       {std::string("\x80\x00", 2), std::string("\x81\x80\x00", 3), std::string(5, '\x80'),
        std::string("\xff\xff\xff\xff\x7f", 5), std::string("\xff\xff\xff\xff\xff\xff\x01", 7),
        std::string("\x05"
                    "1234")}) {
    const Outcome checked = check_batch_body(body, 1, 1 << 20);
    ASSERT_FALSE(checked.ok());
    EXPECT_EQ(checked.error().code, ErrorCode::kMalformed);
  }
}

TEST(BatchBody, names_a_message_over_the_limit) {
  const std::string body = body_of({"1234", "12345"});
  EXPECT_TRUE(check_batch_body(body, 2, 5).ok());
  const Outcome checked = check_batch_body(body, 2, 4);
  ASSERT_FALSE(checked.ok());
  EXPECT_EQ(checked.error().code, ErrorCode::kTooLarge);
  EXPECT_NE(checked.error().message.find("5 bytes"), std::string::npos);
}

TEST(BatchBody, may_be_empty) {
  EXPECT_TRUE(check_batch_body("", 0, 10).ok());
  EXPECT_TRUE(check_batch_body(body_of({""}), 1, 10).ok());
}

TEST(BatchBody, writer_is_empty_and_usable_after_take) {
  BatchBodyWriter writer;
  writer.append("a");
  const Payload first = writer.take();
  EXPECT_TRUE(writer.empty());
  EXPECT_EQ(writer.size(), 0u);
  writer.append("b");
  EXPECT_EQ(messages_in(first.view()), std::vector<std::string>{"a"});
  EXPECT_EQ(messages_in(writer.take().view()), std::vector<std::string>{"b"});
}

}  // namespace
}  // namespace phyllo
