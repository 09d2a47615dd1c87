#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"

namespace phyllo::broker {

/// How numbers are written in a configuration. Each error says what was expected and quotes what
/// was found; `show_…` writes what `parse_…` reads.

/// A whole number in decimal: no sign, no leading zero, no 0x, no separators.
Result<std::uint64_t> parse_count(std::string_view text);

/// A decimal number, `5` or `2.5`; no sign, no exponent.
Result<double> parse_real(std::string_view text);
std::string show_real(double number);

/// A whole number with its unit: ns, us, ms, s, min or h.
Result<Duration> parse_duration(std::string_view text);
std::string show_duration(Duration duration);

/// A whole number with its unit: B, KiB, MiB or GiB.
Result<std::uint64_t> parse_bytes(std::string_view text);
std::string show_bytes(std::uint64_t bytes);

}  // namespace phyllo::broker
