#include "sim/report/text_wrap.h"

#include <algorithm>

#include "broker/config/utf8.h"

namespace phyllo::sim {
namespace {

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  while (true) {
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    if (text.empty()) return words;
    const std::size_t end = std::min(text.find(' '), text.size());
    words.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
}

/// The bytes of the first `count` characters.
std::size_t bytes_of(std::string_view text, std::size_t count) {
  std::size_t bytes = 0;
  for (; count > 0 && bytes < text.size(); --count) {
    bytes += std::max<std::size_t>(broker::utf8_sequence(text.substr(bytes)), 1);
  }
  return bytes;
}

}  // namespace

std::vector<std::string> wrap(std::string_view text, std::size_t width) {
  width = std::max<std::size_t>(width, 1);
  std::vector<std::string> lines;
  std::string line;
  for (std::string_view word : words_of(text)) {
    const std::size_t used = broker::utf8_length(line);
    if (used > 0 && used + 1 + broker::utf8_length(word) > width) {
      lines.push_back(std::move(line));
      line.clear();
    }
    if (!line.empty()) line += ' ';
    while (line.empty() && broker::utf8_length(word) > width) {
      const std::size_t bytes = bytes_of(word, width);
      lines.emplace_back(word.substr(0, bytes));
      word.remove_prefix(bytes);
    }
    line += word;
  }
  if (!line.empty() || lines.empty()) lines.push_back(std::move(line));
  return lines;
}

std::size_t longest_word(std::string_view text) {
  std::size_t longest = 0;
  for (const std::string_view word : words_of(text)) {
    longest = std::max(longest, broker::utf8_length(word));
  }
  return longest;
}

}  // namespace phyllo::sim
