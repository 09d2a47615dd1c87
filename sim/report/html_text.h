#pragma once

#include <string>
#include <string_view>

namespace phyllo::sim {

/// `text` as it may stand in HTML or SVG, between tags and inside a quoted attribute. Control
/// characters and bytes that are not UTF-8 come out as `\n` or `\x1b`.
std::string html_text(std::string_view text);

}  // namespace phyllo::sim
