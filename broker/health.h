#pragma once

#include <chrono>
#include <string>

#include "broker/status_board.h"

namespace phyllo::broker {

/// The answer to a probe of an orchestrator or load balancer.
struct Verdict {
  bool good;
  std::string text;  ///< one line
};

/// Whether the event loop still turns. `status` may be nullptr: not started yet.
Verdict health(const Status* status, std::chrono::steady_clock::time_point now);

/// Whether the broker takes part in the ring, so that programs should connect to it.
Verdict readiness(const Status* status, std::chrono::steady_clock::time_point now);

}  // namespace phyllo::broker
