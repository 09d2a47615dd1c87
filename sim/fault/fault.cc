#include "sim/fault/fault.h"

#include <algorithm>

namespace phyllo::sim {

Duration end_of(const FaultPlan& plan) {
  Duration end{};
  for (const TimedFault& fault : plan) {
    const Duration lasts = std::visit(
        [](const auto& what) {
          if constexpr (requires { what.lasts; }) {
            return what.lasts;
          } else {
            return Duration::zero();
          }
        },
        fault.what);
    end = std::max(end, fault.at + lasts);
  }
  return end;
}

std::vector<StationId> brokers_of(const Fault& fault) {
  return std::visit(
      [](const auto& what) -> std::vector<StationId> {
        if constexpr (requires { what.group; }) {
          return what.group;
        } else if constexpr (requires { what.broker; }) {
          return {what.broker};
        } else if constexpr (requires { what.from; }) {
          return {what.from, what.to};
        } else if constexpr (requires { what.other; }) {
          return {what.one, what.other};
        } else {
          return {};
        }
      },
      fault);
}

}  // namespace phyllo::sim
