#include "cli/sim/progress_text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "cli/display_text.h"

namespace phyllo::cli {
namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;

/// Before this much is done, nothing can be said of what is left.
constexpr double kEnoughToGuess = 0.005;
constexpr nanoseconds kLongEnoughToGuess = 2s;

double seconds_of(nanoseconds span) { return std::chrono::duration<double>(span).count(); }

/// "850", "12.3 k", "1.4 M", "2.1 G".
std::string short_number(double number) {
  static constexpr std::array kUnits{"", " k", " M", " G", " T"};
  std::size_t unit = 0;
  while (number >= 999.5 && unit + 1 < kUnits.size()) {
    number /= 1000;
    ++unit;
  }
  char text[32];
  std::snprintf(text, sizeof text, "%.*f%s", unit > 0 && number < 99.95 ? 1 : 0, number,
                kUnits[unit]);
  return text;
}

std::string two_units(std::int64_t large, const char* large_unit, std::int64_t small,
                      const char* small_unit) {
  std::string text = std::to_string(large) + large_unit;
  return small == 0 ? text : text + " " + std::to_string(small) + small_unit;
}

}  // namespace

std::string span_text(nanoseconds span) {
  if (span < 1s) return std::to_string(span / 1ms) + " ms";
  if (span < 59950ms) {
    char text[16];
    std::snprintf(text, sizeof text, "%.1f s", seconds_of(span));
    return text;
  }
  const std::int64_t seconds = std::llround(seconds_of(span));
  const std::int64_t minutes = seconds / 60;
  const std::int64_t hours = minutes / 60;
  if (minutes < 60) return two_units(minutes, " min", seconds % 60, " s");
  if (hours < 24) return two_units(hours, " h", minutes % 60, " min");
  return two_units(hours / 24, " d", hours % 24, " h");
}

std::string progress_text(const Standing& standing, nanoseconds real, std::size_t width) {
  const double done = std::clamp(standing.done, 0.0, 1.0);
  std::string text = std::to_string(static_cast<int>(done * 100)) + " %";
  if (!standing.phase.empty()) text += ", " + printable(standing.phase);
  text += ": ";
  if (standing.virtual_time > Time{}) {
    text += span_text(standing.virtual_time.time_since_epoch()) + " virtual, ";
  }
  text += span_text(real) + " real";
  if (standing.events > 0 && real > 0s) {
    text +=
        ", " + short_number(static_cast<double>(standing.events) / seconds_of(real)) + " events/s";
  }
  if (done >= kEnoughToGuess && done < 1 && real >= kLongEnoughToGuess) {
    const double left = seconds_of(real) * (1 - done) / done;
    if (left < 1e9) {
      text += ", about " + span_text(std::chrono::seconds(std::llround(left))) + " left";
    }
  }
  return cut_to(text, width);
}

std::string cost_text(std::uint64_t events, nanoseconds real) {
  std::string text = short_number(static_cast<double>(events)) + " events in " + span_text(real);
  if (events == 0 || real <= 0s) return text;
  return text + ", " + short_number(static_cast<double>(events) / seconds_of(real)) + " events/s";
}

}  // namespace phyllo::cli
