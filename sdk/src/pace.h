#pragma once

#include <cstddef>

#include "sdk/src/clock.h"

namespace phyllo::internal {

/// How much is acknowledged lately, and so how large a batch may become: it is passed on as a whole
/// at each hop, and what shares its connection waits for it. So on a fast way batches are large,
/// which costs everybody least, and on a slow one they delay nobody for long. One connection's.
class Pace {
 public:
  static constexpr std::size_t kLeastBatch = 64 * 1024;
  static constexpr std::size_t kLargestBatch = 512 * 1024;

  /// Body bytes, at a time not before the last.
  void acknowledged(Instant now, std::size_t bytes);
  /// What a batch should not exceed: what is acknowledged in a few milliseconds, within the bounds.
  std::size_t batch_bytes() const { return batch_bytes_; }

 private:
  Instant since_{};
  std::size_t bytes_ = 0;  ///< since then
  std::size_t batch_bytes_ = kLeastBatch;
};

}  // namespace phyllo::internal
