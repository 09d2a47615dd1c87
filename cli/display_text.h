#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace phyllo::cli {

/// How many characters a terminal shows for this UTF-8 text (one per code point).
std::size_t display_width(std::string_view text);
/// `text` cut to `width` characters, with '…' at the end where something was cut.
std::string cut_to(std::string_view text, std::size_t width);
/// `text` with spaces replaced by line breaks so that no line is wider, if its words allow it.
std::string wrapped(std::string_view text, std::size_t width);
/// "12,345": digits in groups of three.
std::string grouped(std::uint64_t value);
/// "1 subscriber", "0 subscribers", "1,024 subscribers".
std::string counted(std::uint64_t count, std::string_view noun);
/// `text` with control characters and bytes that are not UTF-8 as \xNN: safe to show on a terminal.
std::string printable(std::string_view text);
/// True when `text` is well-formed UTF-8.
bool is_utf8(std::string_view text);

}  // namespace phyllo::cli
