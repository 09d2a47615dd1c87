#pragma once

#include <atomic>
#include <cstdint>

namespace phyllo::internal {

/// What the reactor counts and any thread may read.
struct Counters {
  std::atomic<std::uint64_t> connects{0};
  std::atomic<std::uint64_t> failed_attempts{0};
  std::atomic<std::uint64_t> malformed_frames{0};
  std::atomic<std::uint64_t> altered_frames{0};
  std::atomic<std::uint64_t> subscriptions{0};
};

}  // namespace phyllo::internal
