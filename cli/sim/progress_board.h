#pragma once

#include <atomic>
#include <mutex>

#include "cli/sim/progress_text.h"
#include "sim/report/progress.h"

namespace phyllo::cli {

/// Where the threads that simulate leave how far they are, and learn that they should stop. Any
/// thread may call anything.
class ProgressBoard final : public sim::Progress {
 public:
  void update(const Advance& advance) override;
  bool stop_wanted() const override { return stop_wanted_; }

  void stop() { stop_wanted_ = true; }
  Standing latest() const;

 private:
  mutable std::mutex mutex_;
  Standing latest_;
  std::atomic<bool> stop_wanted_{false};
};

}  // namespace phyllo::cli
