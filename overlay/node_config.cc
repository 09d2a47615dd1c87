#include "overlay/node_config.h"

namespace phyllo::overlay {

using namespace std::chrono_literals;

Timers Timers::lan() {
  return {.heartbeat = 200ms,
          .silence = 650ms,
          .probe_timeout = 250ms,
          .probe_attempts = 3,
          .table_probe = 5s,
          .table_maintenance = 20s,
          .heal = 2s,
          .join_retry = 400ms,
          .founding_patience = 1s,
          .minimum_rto = 100ms,
          .pause = 700ms};
}

Timers Timers::wan() {
  return {.heartbeat = 1s,
          .silence = 2500ms,
          .probe_timeout = 800ms,
          .probe_attempts = 3,
          .table_probe = 30s,
          .table_maintenance = 60s,
          .heal = 10s,
          .join_retry = 2s,
          .founding_patience = 5s,
          .minimum_rto = 250ms,
          .pause = 2500ms};
}

Timers Timers::paper() {
  return {.heartbeat = 30s,
          .silence = 33s,
          .probe_timeout = 3s,
          .probe_attempts = 3,
          .table_probe = 15min,
          .table_maintenance = 20min,
          .heal = 5min,
          .join_retry = 10s,
          .founding_patience = 30s,
          .minimum_rto = 150ms,
          .pause = 9s};
}

std::optional<Timers> Timers::named(std::string_view profile) {
  if (profile == "lan") return lan();
  if (profile == "wan") return wan();
  if (profile == "paper") return paper();
  return std::nullopt;
}

}  // namespace phyllo::overlay
