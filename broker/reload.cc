#include "broker/reload.h"

#include "broker/config/settings_listing.h"

namespace phyllo::broker {

Reload apply_reload(Settings& running, const Settings& wanted, LogOutput& log) {
  Reload reload;
  for (std::string& path : changed_settings(running, wanted)) {
    const bool level = path == "logging.level" || path.starts_with("logging.levels.");
    (level ? reload.applied : reload.needs_restart).push_back(std::move(path));
  }
  running.logging.level = wanted.logging.level;
  running.logging.levels = wanted.logging.levels;
  log.set_levels(running.logging);
  return reload;
}

}  // namespace phyllo::broker
