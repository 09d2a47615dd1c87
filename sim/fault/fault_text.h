#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "sim/fault/fault.h"

/// A plan as text, one fault on each line, and back without loss:
///
///     12.5s  crash 3 silent             crash 3 reported
///     14s    cull 0.5 silent dice 77    half of all; the dice choose
///     15s    restart 3                  drain 4
///     16s    pause 5 for 2s
///     17s    isolate 1,2,5 for 8s       mute 1,2 for 8s          deafen 4 for 0.75s
///     18s    clog 3 4 for 1.5s
///     19s    lose 0.05 for 3s           corrupt 0.01 for 3s      duplicate 0.1 for 3s
///     20s    delay 0.02 by 0.2s for 3s
///     21s    break 3 4                  disconnect 3             heal
namespace phyllo::sim {

std::string to_text(const Fault& fault);
std::string to_text(const TimedFault& fault);
std::string to_text(const FaultPlan& plan);

/// One line; the error says what was expected.
Result<TimedFault> parse_fault(std::string_view line);
/// Lines in any order of time; empty ones and what follows a `#` are left out. Errors begin with
/// the number of their line.
Result<FaultPlan> parse_plan(std::string_view text);
/// Whether there are brokers of all numbers that the plan names, and all times, chances and shares
/// make sense.
Outcome check_plan(const FaultPlan& plan, std::size_t brokers);

}  // namespace phyllo::sim
