#pragma once

#include <string>
#include <vector>

#include "broker/config/settings.h"
#include "broker/logging/log_output.h"

namespace phyllo::broker {

/// What a changed configuration came to in a running broker, by path, e.g. "logging.level".
struct Reload {
  std::vector<std::string> applied;
  std::vector<std::string> needs_restart;  ///< different in the file, not in effect
};

/// Takes the log levels of `wanted` into effect, also in `running`; everything else that differs
/// from what is running needs a restart, and is named again by the next reload.
Reload apply_reload(Settings& running, const Settings& wanted, LogOutput& log);

}  // namespace phyllo::broker
