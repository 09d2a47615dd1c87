#include "sim/report/number_text.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <string_view>

namespace phyllo::sim {
namespace {

constexpr int kSignificant = 4;
constexpr double kLeastFixed = 1e-3;
constexpr double kMostFixed = 1e15;
/// What a common number of decimals may cost a number.
constexpr double kWorstRounding = 0.05;

/// Groups the digits before the decimal point of a fixed-point text.
std::string grouped(std::string text) {
  const std::size_t first = text.starts_with('-') ? 1 : 0;
  std::size_t at = std::min(text.find('.'), text.size());
  while (at > first + 3) {
    at -= 3;
    text.insert(at, ",");
  }
  return text;
}

std::string fixed(double number, int decimals) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", decimals, number);
  // What rounds to zero has no sign.
  const bool zero = std::string_view(text).find_first_of("123456789") == std::string_view::npos;
  return grouped(zero && text[0] == '-' ? text + 1 : text);
}

/// "1.5e-5" where printf says "1.500e-05".
std::string scientific(double number) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2e", number);
  const std::string all = text;
  const std::size_t e = all.find('e');
  std::string digits = all.substr(0, e);
  digits.erase(digits.find_last_not_of('0') + 1);
  if (digits.ends_with('.')) digits.pop_back();
  return digits + "e" + std::to_string(std::stoi(all.substr(e + 1)));
}

int decimals_for(double number) {
  if (number == 0) return 0;
  const int magnitude = static_cast<int>(std::floor(std::log10(std::abs(number))));
  return std::clamp(kSignificant - 1 - magnitude, 0, 6);
}

bool fixed_suits(double number) {
  const double size = std::abs(number);
  return number == 0 || (size >= kLeastFixed && size < kMostFixed);
}

/// How many decimals are left when zeros at the end of all texts are taken away.
int decimals_in_use(std::span<const double> numbers, int decimals) {
  int most = 0;
  for (const double number : numbers) {
    if (!std::isfinite(number)) continue;
    const std::string text = fixed(number, decimals);
    const std::size_t point = text.find('.');
    if (point == std::string::npos) continue;
    most = std::max(most, static_cast<int>(text.find_last_not_of('0') - point));
  }
  return most;
}

}  // namespace

std::string shown_number(std::int64_t number) { return grouped(std::to_string(number)); }

std::string shown_number(double number) {
  if (std::isnan(number)) return "–";
  if (std::isinf(number)) return number > 0 ? "∞" : "-∞";
  if (!fixed_suits(number)) return scientific(number);
  return fixed(number, decimals_in_use({&number, 1}, decimals_for(number)));
}

std::vector<std::string> shown_numbers(std::span<const double> numbers) {
  double largest = 0;
  for (const double number : numbers) {
    if (std::isfinite(number)) largest = std::max(largest, std::abs(number));
  }
  const int decimals = decimals_in_use(numbers, decimals_for(largest));
  const double step = std::pow(10.0, -decimals);
  const bool common = std::ranges::all_of(numbers, [&](double number) {
    if (!std::isfinite(number) || number == 0) return true;
    const double rounded = std::round(number / step) * step;
    return std::abs(number) < kMostFixed &&
           std::abs(rounded - number) <= kWorstRounding * std::abs(number);
  });
  std::vector<std::string> texts;
  for (const double number : numbers) {
    const bool plain = common && std::isfinite(number);
    texts.push_back(plain ? fixed(number, decimals) : shown_number(number));
  }
  return texts;
}

std::string exact_number(double number) {
  char text[32];
  const bool whole = std::abs(number) < kMostFixed && number == std::trunc(number);
  const auto form = whole ? std::chars_format::fixed : std::chars_format::general;
  const auto [end, error] = std::to_chars(text, text + sizeof text, number, form);
  return {text, end};
}

}  // namespace phyllo::sim
