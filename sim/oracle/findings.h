#pragma once

#include <string>
#include <utility>
#include <vector>

namespace phyllo::sim {

/// What an oracle finds wrong, one line each; nothing when all is well.
using Findings = std::vector<std::string>;

inline void append(Findings& out, Findings more) {
  for (std::string& finding : more) out.push_back(std::move(finding));
}

}  // namespace phyllo::sim
