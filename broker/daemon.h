#pragma once

#include <filesystem>
#include <optional>

#include "broker/config/settings.h"

namespace phyllo::broker {

/// What `phyllod` was told on its command line, and by the file named there.
struct DaemonOptions {
  std::filesystem::path config;
  Settings settings;  ///< read from `config`
  /// Gets the endpoints actually listened on, as JSON, once they are ready: for tests and scripts
  /// that let the system choose ports.
  std::optional<std::filesystem::path> ports_file;
};

/// Exit statuses of `phyllod`, after sysexits.h where that has one.
inline constexpr int kExitOk = 0;
inline constexpr int kExitFailed = 1;  ///< cannot listen, refused by its ring, …
inline constexpr int kExitUsage = 2;
inline constexpr int kExitConfig = 78;  ///< EX_CONFIG

/// Runs a broker until it is told to stop; returns the exit status. Call it before the process has
/// other threads.
int run_daemon(DaemonOptions options);

}  // namespace phyllo::broker
