#include "cli/display_text.h"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

namespace phyllo::cli {
namespace {

bool continues(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

std::string escaped(char byte) {
  char text[8];
  std::snprintf(text, sizeof text, "\\x%02x", static_cast<unsigned char>(byte));
  return text;
}

}  // namespace

std::size_t display_width(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char byte) { return !continues(byte); }));
}

std::string cut_to(std::string_view text, std::size_t width) {
  if (display_width(text) <= width) return std::string(text);
  std::size_t kept = 0;
  std::size_t at = 0;
  while (at < text.size() && kept + 1 < width) {
    ++at;
    while (at < text.size() && continues(text[at])) ++at;
    ++kept;
  }
  return width == 0 ? std::string() : std::string(text.substr(0, at)) + "…";
}

std::string wrapped(std::string_view text, std::size_t width) {
  std::string result(text);
  std::size_t line = 0;             // where the current line begins
  std::size_t space = result.npos;  // the last place to break it
  for (std::size_t i = 0; i <= result.size(); ++i) {
    const bool end = i == result.size();
    if (!end && result[i] != ' ') continue;
    const std::size_t shown = display_width(std::string_view(result).substr(line, i - line));
    if (shown > width && space != result.npos) {
      result[space] = '\n';
      line = space + 1;
    }
    if (!end) space = i;
  }
  return result;
}

std::string grouped(std::uint64_t value) {
  std::string digits = std::to_string(value);
  for (std::size_t at = digits.size(); at > 3;) digits.insert(at -= 3, ",");
  return digits;
}

std::string counted(std::uint64_t count, std::string_view noun) {
  std::string text = grouped(count) + " ";
  text += noun;
  return count == 1 ? text : text + "s";
}

std::string printable(std::string_view text) {
  const bool valid = is_utf8(text);
  std::string shown;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char byte = text[i];
    const auto code = static_cast<unsigned char>(byte);
    const bool plain = code >= 0x20 && code < 0x7f;
    // U+0080 to U+009F, in UTF-8 C2 80 to C2 9F, are control characters as well.
    const bool control =
        code == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0;
    if (plain || (code >= 0x80 && valid && !control)) {
      shown += byte;
    } else {
      shown += escaped(byte);
      if (control && valid) shown += escaped(text[++i]);
    }
  }
  return shown;
}

bool is_utf8(std::string_view text) {
  const nlohmann::json value = std::string(text);
  try {
    const std::string ignored = value.dump();
    return true;
  } catch (const nlohmann::json::type_error&) {
    return false;
  }
}

}  // namespace phyllo::cli
