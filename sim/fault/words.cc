#include "sim/fault/words.h"

#include <charconv>
#include <cmath>

namespace phyllo::sim {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
/// No plan takes longer: a year.
constexpr std::int64_t kLongest = 31'536'000 * kSecond;

template <class Number>
bool read(std::string_view text, Number& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

/// Digits with at most nine decimals, as nanoseconds; exact, which floating point is not.
std::optional<std::int64_t> nanoseconds(std::string_view text) {
  const auto point = text.find('.');
  const std::string_view whole = text.substr(0, point);
  std::uint64_t seconds = 0;
  if (!read(whole, seconds) || seconds > kLongest / kSecond) return std::nullopt;
  if (point == std::string_view::npos) return static_cast<std::int64_t>(seconds) * kSecond;
  std::string decimals(text.substr(point + 1));
  if (decimals.empty() || decimals.size() > 9) return std::nullopt;
  decimals.resize(9, '0');
  std::uint64_t fraction = 0;
  if (!read(std::string_view(decimals), fraction)) return std::nullopt;
  return static_cast<std::int64_t>(seconds) * kSecond + static_cast<std::int64_t>(fraction);
}

}  // namespace

std::string seconds_text(Duration duration) {
  std::string decimals = std::to_string(duration.count() % kSecond);
  decimals.insert(0, 9 - decimals.size(), '0');
  while (!decimals.empty() && decimals.back() == '0') decimals.pop_back();
  const std::string whole = std::to_string(duration.count() / kSecond);
  return whole + (decimals.empty() ? "" : "." + decimals) + "s";
}

std::string number_text(double number) {
  char text[32];
  return {text, std::to_chars(text, text + sizeof text, number).ptr};
}

std::string_view Words::next() {
  const auto begin = rest_.find_first_not_of(" \t\r");
  if (begin == std::string_view::npos) return rest_ = {};
  rest_.remove_prefix(begin);
  const std::string_view word = rest_.substr(0, rest_.find_first_of(" \t\r"));
  rest_.remove_prefix(word.size());
  return word;
}

std::uint64_t Words::count(const char* meaning) {
  const std::string_view word = next();
  std::uint64_t count = 0;
  if (!read(word, count)) {
    fail("expected " + std::string(meaning) + ", not '" + std::string(word) + "'");
  }
  return count;
}

double Words::number(const char* meaning) {
  const std::string_view word = next();
  double number = 0;
  if (!read(word, number) || !std::isfinite(number)) {
    fail("expected " + std::string(meaning) + ", not '" + std::string(word) + "'");
  }
  return number;
}

Duration Words::seconds(const char* meaning) {
  const std::string_view word = next();
  std::optional<std::int64_t> value;
  if (word.ends_with('s')) value = nanoseconds(word.substr(0, word.size() - 1));
  if (!value) {
    fail("expected " + std::string(meaning) + " in seconds such as 2.5s, not '" +
         std::string(word) + "'");
  }
  return Duration(value.value_or(0));
}

void Words::expect(std::string_view word) {
  const std::string_view found = next();
  if (found != word) {
    fail("expected '" + std::string(word) + "', not '" + std::string(found) + "'");
  }
}

void Words::end() {
  const std::string_view word = next();
  if (!word.empty()) fail("nothing may follow, not '" + std::string(word) + "'");
}

void Words::fail(std::string message) {
  if (!error_) error_ = std::move(message);
}

Outcome for_each_line(std::string_view text, const std::function<Outcome(std::string_view)>& read) {
  for (std::size_t number = 1; !text.empty(); ++number) {
    const auto end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    line = line.substr(0, line.find('#'));
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    const Outcome outcome = read(line);
    if (!outcome) {
      return Error{outcome.error().code,
                   "line " + std::to_string(number) + ": " + outcome.error().message};
    }
  }
  return Done{};
}

}  // namespace phyllo::sim
