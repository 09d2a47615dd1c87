#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/random.h"

namespace phyllo::overlay {

__extension__ typedef unsigned __int128 Uint128;

/// b of the papers: an id is read as digits of this many bits.
inline constexpr int kDigitBits = 4;
inline constexpr int kDigits = 128 / kDigitBits;
inline constexpr int kDigitValues = 1 << kDigitBits;

/// A position on the ring of 2^128. NodeId and Key are two such types that do not convert into each
/// other by themselves; ring arithmetic works across them.
template <class Tag>
class RingId {
 public:
  constexpr RingId() = default;
  explicit constexpr RingId(Uint128 value) : value_(value) {}
  /// The same position with another meaning, e.g. the key a joining node routes to.
  template <class Other>
  static constexpr RingId at(RingId<Other> position) {
    return RingId(position.value());
  }

  /// Exactly 32 hexadecimal digits, upper or lower case.
  static std::optional<RingId> from_hex(std::string_view text);
  /// Exactly 16 bytes, most significant first.
  static std::optional<RingId> from_bytes(std::string_view bytes);
  static RingId random(Random& random);

  constexpr Uint128 value() const { return value_; }
  /// Digit `index` counted from the most significant one; 0 ≤ index < kDigits.
  constexpr int digit(int index) const {
    return static_cast<int>(value_ >> (128 - kDigitBits * (index + 1))) & (kDigitValues - 1);
  }
  /// 32 lower-case hexadecimal digits.
  std::string hex() const;
  /// The first 8 of them, for logs.
  std::string short_hex() const { return hex().substr(0, 8); }
  std::string bytes() const;
  /// The same 16 bytes without taking memory.
  std::array<char, 16> raw_bytes() const;

  constexpr auto operator<=>(const RingId&) const = default;

 private:
  // Aligned as its halves are, so that what holds ids is not padded to 16 bytes.
  __extension__ typedef unsigned __int128 Stored __attribute__((aligned(8)));
  Stored value_ = 0;
};

using NodeId = RingId<struct NodeTag>;
using Key = RingId<struct KeyTag>;

/// How far one travels clockwise (upwards, wrapping) from `from` to `to`: (to − from) mod 2^128.
template <class A, class B>
constexpr Uint128 clockwise(RingId<A> from, RingId<B> to) {
  return to.value() - from.value();
}

/// The shorter way round between two positions.
template <class A, class B>
constexpr Uint128 distance(RingId<A> a, RingId<B> b) {
  const Uint128 up = clockwise(a, b);
  const Uint128 down = clockwise(b, a);
  return up < down ? up : down;
}

/// How many leading digits two positions share; kDigits when they are equal.
template <class A, class B>
constexpr int shared_digits(RingId<A> a, RingId<B> b) {
  const Uint128 difference = a.value() ^ b.value();
  if (difference == 0) return kDigits;
  const auto high = static_cast<std::uint64_t>(difference >> 64);
  const int zeros = high != 0 ? __builtin_clzll(high)
                              : 64 + __builtin_clzll(static_cast<std::uint64_t>(difference));
  return zeros / kDigitBits;
}

/// Whether `a` rather than `b` is the root of `key`. A key exactly between two nodes belongs to the
/// one it is clockwise of, by every node's reckoning: that single rule keeps two nodes from both
/// claiming it.
constexpr bool closer(Key key, NodeId a, NodeId b) {
  const Uint128 to_a = distance(key, a);
  const Uint128 to_b = distance(key, b);
  if (to_a != to_b) return to_a < to_b;
  return clockwise(a, key) < clockwise(b, key);
}

}  // namespace phyllo::overlay

template <class Tag>
struct std::hash<phyllo::overlay::RingId<Tag>> {
  std::size_t operator()(phyllo::overlay::RingId<Tag> id) const noexcept {
    // Ids are uniform by construction, but an attacker may choose them: mix both halves.
    const auto high = static_cast<std::uint64_t>(id.value() >> 64);
    return (high ^ static_cast<std::uint64_t>(id.value())) * 0x9e3779b97f4a7c15u;
  }
};
