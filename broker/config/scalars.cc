#include "broker/config/scalars.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <optional>
#include <span>

#include "broker/config/config_errors.h"

namespace phyllo::broker {
namespace {

struct Unit {
  std::string_view name;
  std::uint64_t size;
};

// Largest first: `show` takes the first that divides.
constexpr Unit kTimeUnits[] = {
    {"h", 3'600'000'000'000}, {"min", 60'000'000'000}, {"s", 1'000'000'000},
    {"ms", 1'000'000},        {"us", 1'000},           {"ns", 1}};
constexpr Unit kByteUnits[] = {{"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}, {"B", 1}};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

Error expected(std::string_view what, std::string_view found, std::string_view hint = {}) {
  std::string message = "must be " + std::string(what) + ", not " + in_quotes(found);
  if (!hint.empty()) message += "; " + std::string(hint);
  return Error{ErrorCode::kInvalidArgument, std::move(message)};
}

/// Why these digits, decimal at first sight, would surprise somebody; or empty.
std::string_view digits_hint(std::string_view text) {
  if (text.starts_with("0x") || text.starts_with("0o") || text.starts_with("0b")) {
    return "numbers are written in decimal";
  }
  if (text.size() > 1 && text[0] == '0' && is_digit(text[1])) {
    return "a leading zero means octal in YAML; write it without";
  }
  if (text.find('_') != text.npos || text.find(',') != text.npos) {
    return "write the digits without separators";
  }
  return {};
}

/// Digits only and within 64 bits.
std::optional<std::uint64_t> plain_digits(std::string_view text) {
  std::uint64_t number = 0;
  if (text.empty() || !is_digit(text[0]) || !digits_hint(text).empty()) return std::nullopt;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

/// What somebody may have meant who wrote `suffix`, or empty.
std::string_view unit_hint(std::string_view suffix) {
  if (suffix.empty()) return "the unit is missing";
  if (suffix.starts_with('.')) return "write a whole number with a smaller unit";
  if (suffix == "m") return "'m' could be many things; write 'min' or 'ms'";
  if (suffix == "sec" || suffix == "seconds") return "write 's'";
  if (suffix == "K" || suffix == "k" || suffix == "KB" || suffix == "kB") return "write 'KiB'";
  if (suffix == "M" || suffix == "MB" || suffix == "mb") return "write 'MiB'";
  if (suffix == "G" || suffix == "GB" || suffix == "gb") return "write 'GiB'";
  return {};
}

Result<std::uint64_t> parse_with_unit(std::string_view text, std::span<const Unit> units,
                                      std::uint64_t largest, std::string_view what) {
  const auto digits_end = std::find_if_not(text.begin(), text.end(), is_digit);
  const auto digits = static_cast<std::size_t>(digits_end - text.begin());
  const std::string_view suffix = text.substr(digits);
  if (const auto hint = digits_hint(text); !hint.empty()) return expected(what, text, hint);
  if (digits == 0) return expected(what, text);
  for (const Unit& unit : units) {
    if (unit.name != suffix) continue;
    const auto number = plain_digits(text.substr(0, digits));
    if (!number || *number > largest / unit.size) return expected(what, text, "it is too large");
    return *number * unit.size;
  }
  return expected(what, text, unit_hint(suffix));
}

std::string show_with_unit(std::uint64_t amount, std::span<const Unit> units) {
  if (amount == 0) return "0" + std::string(units.back().name);
  const auto unit = std::find_if(units.begin(), units.end(),
                                 [&](const Unit& each) { return amount % each.size == 0; });
  return std::to_string(amount / unit->size) + std::string(unit->name);
}

}  // namespace

Result<std::uint64_t> parse_count(std::string_view text) {
  if (const auto number = plain_digits(text)) return *number;
  const bool digits = !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
  const std::string_view hint = digits_hint(text);
  return expected("a whole number", text, hint.empty() && digits ? "it is too large" : hint);
}

Result<double> parse_real(std::string_view text) {
  constexpr std::string_view kWhat = "a number such as 5 or 2.5";
  const std::string_view whole = text.substr(0, text.find('.'));
  const std::string_view fraction =
      whole.size() < text.size() ? text.substr(whole.size() + 1) : "0";
  const bool sound = !fraction.empty() && std::all_of(fraction.begin(), fraction.end(), is_digit);
  if (!plain_digits(whole) || !sound || text.size() > 30) {
    return expected(kWhat, text, text.starts_with('-') ? "it is negative" : digits_hint(text));
  }
  double number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::string show_real(double number) {
  char text[64];
  const auto [end, error] =
      std::to_chars(text, text + sizeof text, number, std::chars_format::fixed);
  return std::string(text, end);
}

Result<Duration> parse_duration(std::string_view text) {
  const auto nanoseconds = parse_with_unit(text, kTimeUnits, Duration::max().count(),
                                           "a duration such as 250ms, 5s or 2min");
  if (!nanoseconds) return nanoseconds.error();
  return Duration(static_cast<Duration::rep>(*nanoseconds));
}

std::string show_duration(Duration duration) {
  return show_with_unit(static_cast<std::uint64_t>(duration.count()), kTimeUnits);
}

Result<std::uint64_t> parse_bytes(std::string_view text) {
  return parse_with_unit(text, kByteUnits, INT64_MAX, "a size such as 64KiB or 8MiB");
}

std::string show_bytes(std::uint64_t bytes) { return show_with_unit(bytes, kByteUnits); }

}  // namespace phyllo::broker
