#pragma once

#include <string>
#include <string_view>

namespace phyllo::cli {

/// What the program says on stderr: always one line, "phyllo VERB: MESSAGE". Line breaks and
/// control characters (a broker's message may hold any) are shown as spaces.
std::string complaint_line(std::string_view verb, std::string_view message);

/// Writes that line. Any thread may call.
void complain(std::string_view verb, std::string_view message);

}  // namespace phyllo::cli
