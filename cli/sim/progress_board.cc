#include "cli/sim/progress_board.h"

namespace phyllo::cli {

void ProgressBoard::update(const Advance& advance) {
  const std::lock_guard lock(mutex_);
  latest_ = {std::string(advance.phase), advance.done, advance.virtual_time, advance.events};
}

Standing ProgressBoard::latest() const {
  const std::lock_guard lock(mutex_);
  return latest_;
}

}  // namespace phyllo::cli
