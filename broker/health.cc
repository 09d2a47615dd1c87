#include "broker/health.h"

#include "broker/journal.h"

namespace phyllo::broker {
namespace {

/// The loop posts several times a second; a machine under load may delay it.
constexpr auto kStale = std::chrono::seconds(3);

}  // namespace

Verdict health(const Status* status, std::chrono::steady_clock::time_point now) {
  if (status == nullptr) return {false, "starting"};
  const auto age = now - status->taken;
  if (age <= kStale) return {true, "ok"};
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(age).count();
  return {false, "the event loop has not turned for " + std::to_string(seconds) + " s"};
}

Verdict readiness(const Status* status, std::chrono::steady_clock::time_point now) {
  if (auto healthy = health(status, now); !healthy.good) return healthy;
  if (status->broker.draining) return {false, "draining"};
  if (status->broker.state == overlay::StateChanged::State::kActive) return {true, "active"};
  std::string text = to_string(status->broker.state);
  if (!status->state_reason.empty()) text += ": " + status->state_reason;
  return {false, text};
}

}  // namespace phyllo::broker
