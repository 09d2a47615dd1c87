#include "cli/exit_status.h"

namespace phyllo::cli {

ExitStatus exit_status_of(const Status& status) {
  switch (status.code()) {
    case StatusCode::kOk:
      return ExitStatus::kOk;
    case StatusCode::kInvalidArgument:
      return ExitStatus::kUsage;
    case StatusCode::kUnavailable:
      return ExitStatus::kUnavailable;
    case StatusCode::kTimeout:
      return ExitStatus::kTimeout;
    default:
      return ExitStatus::kFailure;
  }
}

}  // namespace phyllo::cli
