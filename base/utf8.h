#pragma once

#include <cstddef>
#include <string_view>

namespace phyllo {

/// The length of the well-formed UTF-8 sequence at the front of `text` (RFC 3629: no overlong
/// forms, no surrogates, nothing above U+10FFFF); 0 where there is none.
std::size_t utf8_sequence(std::string_view text);

/// Whether all of `text` is well-formed.
bool is_utf8(std::string_view text);

}  // namespace phyllo
