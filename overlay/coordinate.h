#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/time.h"

namespace phyllo::overlay {

/// Where a node says it stands, in a space in which the distance of two nodes is about the round
/// trip between them (Vivaldi: Dabek, Cox, Kaashoek, Morris 2004), in microseconds. Only a reason
/// to measure this one first, or not to measure that one.
struct Coordinate {
  static constexpr std::size_t kDimensions = 3;
  static constexpr std::int32_t kFarthest = 1 << 30;
  static constexpr std::uint32_t kHighest = (1 << 24) - 1;
  static constexpr std::uint8_t kUnknown = 255;

  std::array<std::int32_t, kDimensions> at{};  ///< each within ± kFarthest
  std::uint32_t height = 0;                    ///< of the way up to the space, at most kHighest
  std::uint8_t error = kUnknown;  ///< how far off its distances usually are, in 256ths of them

  bool known() const { return error != kUnknown; }
  bool operator==(const Coordinate&) const = default;
};

/// The round trip that these predict, zero when either of them is unknown.
Duration predicted(const Coordinate& one, const Coordinate& other);

}  // namespace phyllo::overlay
