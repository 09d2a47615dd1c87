#include "cli/duration_text.h"

#include <charconv>
#include <cmath>
#include <cstdio>

namespace phyllo::cli {
namespace {

std::optional<double> milliseconds_in(std::string_view unit) {
  if (unit == "ms") return 1;
  if (unit.empty() || unit == "s") return 1000;
  if (unit == "m" || unit == "min") return 60'000;
  if (unit == "h") return 3'600'000;
  return std::nullopt;
}

std::string with_unit(double value, const char* unit) {
  char text[32];
  const int decimals = value < 10 ? 2 : value < 100 ? 1 : 0;
  std::snprintf(text, sizeof text, "%.*f %s", decimals, value, unit);
  return text;
}

}  // namespace

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
  constexpr double kMostMilliseconds = 10'000.0 * 3'600'000;
  double value = 0;
  const char* const last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, value, std::chars_format::fixed);
  if (error != std::errc{}) return std::nullopt;
  const auto unit = milliseconds_in(std::string_view(end, static_cast<std::size_t>(last - end)));
  if (!unit) return std::nullopt;
  const double milliseconds = value * *unit;
  if (!(milliseconds >= 0 && milliseconds <= kMostMilliseconds)) return std::nullopt;
  return std::chrono::milliseconds(std::llround(milliseconds));
}

std::string duration_text(std::chrono::milliseconds time) {
  const auto count = time.count();
  return count % 1000 == 0 ? std::to_string(count / 1000) + "s" : std::to_string(count) + "ms";
}

std::string round_trip_text(std::chrono::microseconds time) {
  const auto count = time.count();
  if (count < 1000) return std::to_string(count) + " µs";
  if (count < 1'000'000) return with_unit(static_cast<double>(count) / 1e3, "ms");
  return with_unit(static_cast<double>(count) / 1e6, "s");
}

}  // namespace phyllo::cli
