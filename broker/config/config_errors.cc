#include "broker/config/config_errors.h"

#include <algorithm>
#include <tuple>

#include "broker/config/utf8.h"

namespace phyllo::broker {

void ConfigErrors::add(const Position& position, std::string message) {
  if (!full()) errors_.push_back({position, std::move(message)});
}

std::vector<std::string> ConfigErrors::lines() const {
  std::vector<Entry> sorted = errors_;
  std::stable_sort(sorted.begin(), sorted.end(), [&](const Entry& a, const Entry& b) {
    return std::tuple(file_rank(a), a.position.line, a.position.column) <
           std::tuple(file_rank(b), b.position.line, b.position.column);
  });
  std::vector<std::string> lines;
  for (const Entry& error : sorted) {
    lines.push_back(*error.position.file + ":" + std::to_string(error.position.line) + ":" +
                    std::to_string(error.position.column) + ": " + error.message);
  }
  if (full()) lines.push_back("there may be more errors; only the first ones are listed");
  return lines;
}

std::size_t ConfigErrors::file_rank(const Entry& entry) const {
  const auto first = std::find_if(errors_.begin(), errors_.end(), [&](const Entry& other) {
    return *other.position.file == *entry.position.file;
  });
  return static_cast<std::size_t>(first - errors_.begin());
}

std::string in_quotes(std::string_view text) {
  constexpr std::size_t kShown = 60;
  std::string shown;
  std::size_t characters = 0;
  while (!text.empty() && characters < kShown) {
    const std::size_t step = std::max<std::size_t>(utf8_sequence(text), 1);
    shown += printable(text.substr(0, step));
    text.remove_prefix(step);
    ++characters;
  }
  return "'" + shown + (text.empty() ? "'" : "…'");
}

}  // namespace phyllo::broker
