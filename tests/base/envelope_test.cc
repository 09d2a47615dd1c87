#include "base/envelope.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "base/checksum.h"

namespace phyllo {
namespace {

using Messages = std::vector<std::pair<std::string, std::string>>;

Messages read(std::string_view frame) {
  Messages messages;
  EnvelopeReader reader(frame);
  for (std::string_view header, body; reader.next(header, body);)
    messages.emplace_back(header, body);
  return messages;
}

std::string written(const Messages& messages) {
  EnvelopeWriter writer;
  for (const auto& [header, body] : messages) writer.add(header, body);
  return writer.take();
}

TEST(Envelope, IsReadAsItWasWritten) {
  const Messages messages{
      {"first", "its body"},
      {"no body", ""},
      {std::string(127, 'h'), std::string(128, 'b')},
      {std::string(100, '\0'), std::string(Envelope::kLargestMessage - 100, 'x')}};
  const std::string frame = written(messages);
  EXPECT_TRUE(Envelope::is(frame));
  EXPECT_EQ(read(frame), messages);
}

TEST(Envelope, WriterBeginsAnewAfterEachTake) {
  EnvelopeWriter writer;
  writer.add("one", "1");
  EXPECT_EQ(read(writer.take()), (Messages{{"one", "1"}}));
  EXPECT_TRUE(writer.empty());
  writer.add("two", "2");
  EXPECT_EQ(read(writer.take()), (Messages{{"two", "2"}}));
}

TEST(Envelope, TakesNeitherMoreBytesNorMoreMessagesThanIsAgreed) {
  EnvelopeWriter full_of_bytes;
  const std::string body(Envelope::kLargestMessage - 1, 'x');
  while (full_of_bytes.fits(1, body.size())) full_of_bytes.add("h", body);
  const std::string large = full_of_bytes.take();
  EXPECT_LE(large.size(), Envelope::kBytes);
  EXPECT_GT(large.size() + Envelope::kLargestMessage + 16, Envelope::kBytes);
  EXPECT_FALSE(read(large).empty());

  EnvelopeWriter full_of_messages;
  while (full_of_messages.fits(1, 0)) full_of_messages.add("h", "");
  EXPECT_EQ(read(full_of_messages.take()).size(), Envelope::kMessages);
  EXPECT_FALSE(Envelope::takes(1, Envelope::kLargestMessage));
  EXPECT_FALSE(Envelope::takes(0, 1));
}

TEST(Envelope, NothingIsReadOfOneThatWasAltered) {
  const std::string frame = written({{"header", "body"}, {"another", ""}});
  for (std::size_t at = 0; at < frame.size(); ++at) {
    for (const int bit : {0, 7}) {
      std::string altered = frame;
      altered[at] = static_cast<char>(altered[at] ^ (1 << bit));
      EXPECT_TRUE(read(altered).empty()) << "byte " << at << ", bit " << bit;
      EXPECT_TRUE(EnvelopeReader(altered).malformed());
    }
    EXPECT_TRUE(read(frame.substr(0, at)).empty()) << "cut to " << at;
  }
  EXPECT_TRUE(read(frame + '\0').empty());
}

/// With a checksum that fits, as only somebody who means it writes one.
TEST(Envelope, SenselessLengthsEndTheReading) {
  const auto end_of = [](std::string_view messages) {
    EnvelopeWriter writer;
    writer.add("h", "");
    std::string frame = writer.take();
    frame.resize(frame.size() - 8 - 3);  // the checksum and that message
    frame += messages;
    const Checksum sum = checksum(frame, 0);
    for (int at = 0; at < 8; ++at) frame.push_back(static_cast<char>(sum >> (8 * at)));
    EnvelopeReader reader(frame);
    std::size_t count = 0;
    for (std::string_view header, body; reader.next(header, body);) ++count;
    return std::pair(count, reader.malformed());
  };
  using namespace std::string_view_literals;
  EXPECT_EQ(end_of("\1\0h"sv), std::pair(std::size_t{1}, false));
  EXPECT_EQ(end_of(""sv), std::pair(std::size_t{0}, true));
  EXPECT_EQ(end_of("\0\1b"sv), std::pair(std::size_t{0}, true));
  EXPECT_EQ(end_of("\2\0h"sv), std::pair(std::size_t{0}, true));
  EXPECT_EQ(end_of("\1\1h"sv), std::pair(std::size_t{0}, true));
  EXPECT_EQ(end_of("\1"sv), std::pair(std::size_t{0}, true));
  EXPECT_EQ(end_of("\x81\0\0h"sv), std::pair(std::size_t{0}, true));
  EXPECT_EQ(end_of("\xff\xff\xff\1\0h"sv), std::pair(std::size_t{0}, true));
  EXPECT_EQ(end_of("\1\0h\1"sv), std::pair(std::size_t{1}, true));
  std::string many;
  for (std::size_t i = 0; i <= Envelope::kMessages; ++i) many += "\1\0h"sv;
  EXPECT_EQ(end_of(many), std::pair(Envelope::kMessages, true));
}

TEST(Envelope, RandomBytesAreNone) {
  std::mt19937 random(20261122);
  for (int round = 0; round < 2000; ++round) {
    std::string bytes(1 + random() % 64, '\0');
    for (std::size_t at = 1; at < bytes.size(); ++at) bytes[at] = static_cast<char>(random());
    EXPECT_TRUE(read(bytes).empty());
  }
}

}  // namespace
}  // namespace phyllo
