#include "base/seal.h"

#include <cstdint>

namespace phyllo {
namespace {

/// Field 16 as a fixed64.
constexpr std::string_view kTag = "\x81\x01";
constexpr std::size_t kNumberSize = 8;
static_assert(kTag.size() + kNumberSize == kSealSize);

Checksum checksum_of(std::string_view header, const Payload& body) {
  return checksum(header, body.empty() ? 0 : body.checksum());
}

}  // namespace

void seal(std::string& header, const Payload& body) {
  const std::size_t size = header.size();
  header.resize(size + kSealSize);
  write_seal(header.data(), size, body);
}

void write_seal(char* header, std::size_t size, const Payload& body) {
  const Checksum sum = checksum_of({header, size}, body);
  char* at = header + size;
  for (const char byte : kTag) *at++ = byte;
  for (std::size_t i = 0; i < kNumberSize; ++i) *at++ = static_cast<char>(sum >> (8 * i));
}

bool has_seal(std::string_view header) {
  return header.size() >= kSealSize && header.substr(header.size() - kSealSize, 2) == kTag;
}

Result<std::string_view> unseal(std::string_view header, Payload& body) {
  if (!has_seal(header)) return Error{ErrorCode::kAltered, "a frame without a checksum at its end"};
  Checksum sum = 0;
  for (std::size_t i = 0; i < kNumberSize; ++i) {
    const auto byte = static_cast<unsigned char>(header[header.size() - kNumberSize + i]);
    sum |= static_cast<Checksum>(byte) << (8 * i);
  }
  header.remove_suffix(kSealSize);
  body = body.summed();
  if (checksum_of(header, body) != sum) {
    return Error{ErrorCode::kAltered, "a frame was altered on its way"};
  }
  return header;
}

}  // namespace phyllo
