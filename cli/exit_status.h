#pragma once

#include "phyllo/status.h"

namespace phyllo::cli {

/// What the `phyllo` program tells the shell; `phyllo --help` lists the same.
enum class ExitStatus {
  kOk = 0,
  kFailure = 1,       ///< it was tried and did not work
  kUsage = 2,         ///< the command line is wrong and will stay wrong
  kUnavailable = 69,  ///< no broker could be reached (EX_UNAVAILABLE of sysexits.h)
  kTimeout = 124,     ///< not done in the given time (as timeout(1))
  kInterrupted = 130  ///< ended by Ctrl-C or SIGTERM with something left to do
};

/// `status` is not ok.
ExitStatus exit_status_of(const Status& status);

}  // namespace phyllo::cli
