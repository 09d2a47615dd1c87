#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace phyllo::sim {

/// `text` as lines of at most `width` characters, broken at spaces; a longer word is broken where
/// the line ends. At least one line.
std::vector<std::string> wrap(std::string_view text, std::size_t width);

/// The characters of the longest word.
std::size_t longest_word(std::string_view text);

}  // namespace phyllo::sim
