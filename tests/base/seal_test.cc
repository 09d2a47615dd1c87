#include "base/seal.h"

#include <gtest/gtest.h>

#include <string>

namespace phyllo {
namespace {

std::string sealed(std::string header, const Payload& body) {
  seal(header, body);
  return header;
}

TEST(Seal, GivesBackWhatWasSealed) {
  Payload body = Payload::from("body");
  const std::string header = sealed("header", body);
  EXPECT_EQ(header.size(), 6 + kSealSize);
  const auto opened = unseal(header, body);
  ASSERT_TRUE(opened.ok());
  EXPECT_EQ(*opened, "header");
}

TEST(Seal, IsTheOneThatTheProtocolDescribes) {
  // XXH3 with 64 bits as the xxHash library itself gives it for these bytes and this seed.
  EXPECT_EQ(checksum(""), 0x2d06800538d394c2u);
  EXPECT_EQ(sealed("", {}).substr(0, 2), "\x81\x01");
  EXPECT_EQ(sealed("", {}).substr(2), "\xc2\x94\xd3\x38\x05\x80\x06\x2d");
}

TEST(Seal, TellsEveryAlteredBit) {
  const std::string header = sealed("header", Payload::from("body"));
  for (std::size_t bit = 0; bit < 8 * header.size(); ++bit) {
    std::string came = header;
    came[bit / 8] ^= static_cast<char>(1 << bit % 8);
    Payload body = Payload::from("body");
    EXPECT_EQ(unseal(came, body).error().code, ErrorCode::kAltered) << bit;
  }
  Payload other = Payload::from("bodY");
  EXPECT_FALSE(unseal(header, other).ok());
  Payload none;
  EXPECT_FALSE(unseal(header, none).ok());
}

TEST(Seal, TooShortForASealIsNotSealed) {
  Payload none;
  for (std::size_t size = 0; size < kSealSize; ++size) {
    EXPECT_FALSE(unseal(sealed("", {}).substr(0, size), none).ok());
  }
}

TEST(Seal, BodyRemembersItsChecksumAndDoesNotTakeAnotherOnesWord) {
  Payload body = Payload::from("body");
  const std::string header = sealed("header", body);
  std::string memory = "body";
  Payload held = Payload::adopt(nullptr, memory);
  ASSERT_TRUE(unseal(header, held).ok());
  memory[0] = 'B';
  EXPECT_EQ(held.checksum(), body.checksum()) << "what it came with";
  EXPECT_FALSE(unseal(header, held).ok()) << "whoever gets it looks at the bytes";
  EXPECT_NE(held.slice(1, 2).checksum(), body.checksum()) << "a part has its own";
}

}  // namespace
}  // namespace phyllo
