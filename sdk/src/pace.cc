#include "sdk/src/pace.h"

#include <algorithm>
#include <chrono>

namespace phyllo::internal {
namespace {

using Seconds = std::chrono::duration<double>;

/// What a batch may take of its way's time.
constexpr std::chrono::milliseconds kBatchTime{4};
/// Looked at so seldom that one burst of acknowledgements does not look like a fast way.
constexpr std::chrono::milliseconds kLook{20};

}  // namespace

void Pace::acknowledged(Instant now, std::size_t bytes) {
  bytes_ += bytes;
  const auto passed = now - since_;
  if (passed < kLook) return;
  const double share = Seconds(kBatchTime) / Seconds(passed);
  const double batch = static_cast<double>(bytes_) * share;
  batch_bytes_ = static_cast<std::size_t>(
      std::clamp(batch, static_cast<double>(kLeastBatch), static_cast<double>(kLargestBatch)));
  since_ = now;
  bytes_ = 0;
}

}  // namespace phyllo::internal
