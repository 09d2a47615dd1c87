#include "cli/complaint.h"

#include <algorithm>
#include <cstdio>

namespace phyllo::cli {

std::string complaint_line(std::string_view verb, std::string_view message) {
  std::string line = "phyllo";
  if (!verb.empty()) line.append(" ").append(verb);
  line.append(": ").append(message);
  const auto control = [](char c) { return (c >= 0 && c < ' ') || c == 0x7f; };
  std::ranges::replace_if(line, control, ' ');
  return line + "\n";
}

void complain(std::string_view verb, std::string_view message) {
  const std::string line = complaint_line(verb, message);
  std::fwrite(line.data(), 1, line.size(),
              stderr);  // one call, so that lines of threads stay whole
}

}  // namespace phyllo::cli
