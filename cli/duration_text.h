#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace phyllo::cli {

/// Reads a length of time as people type it: "5" and "5s" are seconds, "250ms", "1.5m", "2h" also
/// work. Nothing for anything else, for negative values, and for more than 10,000 hours.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

/// The shortest text that parse_duration reads as `time`: "5s", "250ms", "90s".
std::string duration_text(std::chrono::milliseconds time);

/// A round trip for people, three digits or so: "87 µs", "1.24 ms", "2.1 s".
std::string round_trip_text(std::chrono::microseconds time);

}  // namespace phyllo::cli
