#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace phyllo::broker {

/// The length of the well-formed UTF-8 sequence at the front of `text` (RFC 3629), or 0.
std::size_t utf8_sequence(std::string_view text);

/// How many characters `text` has; a byte that is not UTF-8 counts as one.
std::size_t utf8_length(std::string_view text);

/// `text` as it may go to a terminal or a log: control characters and bytes that are not UTF-8 come
/// out as `\n`, `\t` or `\x1b`.
std::string printable(std::string_view text);

}  // namespace phyllo::broker
