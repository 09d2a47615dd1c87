#include <algorithm>
#include <string>

#include "sim/fault/fault_text.h"
#include "sim/fault/words.h"

namespace phyllo::sim {
namespace {

Error wrong(const TimedFault& fault, const std::string& why) {
  return {ErrorCode::kInvalidArgument, to_text(fault) + ": " + why};
}

bool is_part(double number) { return number >= 0 && number <= 1; }

/// nullptr when it makes sense.
const char* nonsense(const Fault& fault) {
  return std::visit(
      [](const auto& what) -> const char* {
        if constexpr (requires { what.chance; }) {
          if (!is_part(what.chance)) return "a chance is between 0 and 1";
        }
        if constexpr (requires { what.share; }) {
          if (!is_part(what.share)) return "a share is between 0 and 1";
        }
        if constexpr (requires { what.lasts; }) {
          if (what.lasts <= Duration::zero()) return "it must last for some time";
        }
        return nullptr;
      },
      fault);
}

}  // namespace

Result<FaultPlan> parse_plan(std::string_view text) {
  FaultPlan plan;
  const Outcome read = for_each_line(text, [&](std::string_view line) -> Outcome {
    auto fault = parse_fault(line);
    if (!fault) return fault.error();
    plan.push_back(std::move(*fault));
    return Done{};
  });
  if (!read) return read.error();
  return plan;
}

Outcome check_plan(const FaultPlan& plan, std::size_t brokers) {
  for (const TimedFault& fault : plan) {
    if (fault.at < Duration::zero()) return wrong(fault, "it is before the beginning");
    if (const char* why = nonsense(fault.what)) return wrong(fault, why);
    for (const StationId broker : brokers_of(fault.what)) {
      if (broker >= brokers) {
        return wrong(fault, "there are brokers 0 to " + std::to_string(brokers - 1) + " only");
      }
    }
  }
  return Done{};
}

}  // namespace phyllo::sim
