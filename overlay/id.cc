#include "overlay/id.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace phyllo::overlay {
namespace {

constexpr char kHexDigits[] = "0123456789abcdef";

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// Most significant byte first, as the network has it.
std::uint64_t network_order(std::uint64_t word) {
  return std::endian::native == std::endian::little ? __builtin_bswap64(word) : word;
}

std::uint64_t word_at(const char* bytes) {
  std::uint64_t word = 0;
  std::memcpy(&word, bytes, sizeof word);
  return network_order(word);
}

void put_word(std::uint64_t word, char* bytes) {
  word = network_order(word);
  std::memcpy(bytes, &word, sizeof word);
}

}  // namespace

template <class Tag>
std::optional<RingId<Tag>> RingId<Tag>::from_hex(std::string_view text) {
  if (text.size() != 32) return std::nullopt;
  Uint128 value = 0;
  for (const char c : text) {
    const int digit = hex_value(c);
    if (digit < 0) return std::nullopt;
    value = value << 4 | static_cast<Uint128>(digit);
  }
  return RingId(value);
}

template <class Tag>
std::optional<RingId<Tag>> RingId<Tag>::from_bytes(std::string_view bytes) {
  if (bytes.size() != 16) return std::nullopt;
  const Uint128 high = word_at(bytes.data());
  return RingId(high << 64 | word_at(bytes.data() + 8));
}

template <class Tag>
RingId<Tag> RingId<Tag>::random(Random& random) {
  const Uint128 high = random.next();
  return RingId(high << 64 | random.next());
}

template <class Tag>
std::string RingId<Tag>::hex() const {
  std::string text(32, '0');
  Uint128 rest = value_;
  for (auto c = text.rbegin(); c != text.rend(); ++c, rest >>= 4) {
    *c = kHexDigits[static_cast<int>(rest & 0xf)];
  }
  return text;
}

template <class Tag>
std::array<char, 16> RingId<Tag>::raw_bytes() const {
  std::array<char, 16> bytes;
  put_word(static_cast<std::uint64_t>(value_ >> 64), bytes.data());
  put_word(static_cast<std::uint64_t>(value_), bytes.data() + 8);
  return bytes;
}

template <class Tag>
std::string RingId<Tag>::bytes() const {
  const auto raw = raw_bytes();
  return {raw.data(), raw.size()};
}

template class RingId<NodeTag>;
template class RingId<KeyTag>;

}  // namespace phyllo::overlay
