#include "sim/swarm/swarm_case.h"

#include <algorithm>

#include "sim/fault/fault_text.h"
#include "sim/fault/words.h"

namespace phyllo::sim {
namespace {

Duration end_of(const Step& step) {
  if (const auto* fault = std::get_if<Fault>(&step.what))
    return end_of(FaultPlan{{step.at, *fault}});
  const Deed& deed = std::get<Deed>(step.what);
  if (const auto* publishes = std::get_if<Publishes>(&deed.what)) {
    return step.at + publishes->every * publishes->batches;
  }
  if (const auto* stalls = std::get_if<Stalls>(&deed.what)) return step.at + stalls->lasts;
  return step.at;
}

Outcome read_step(std::string_view line, std::vector<Step>& steps) {
  Words words(line);
  const Duration at = words.seconds("a time");
  if (words.failed()) return words.error();
  if (Words(words).next() == "program") {
    const auto deed = parse_deed(words.rest());
    if (!deed) return deed.error();
    steps.push_back({at, *deed});
  } else {
    const auto fault = parse_fault(line);
    if (!fault) return fault.error();
    steps.push_back({at, fault->what});
  }
  return Done{};
}

}  // namespace

Duration SwarmCase::length() const {
  Duration length{};
  for (const Step& step : steps) length = std::max(length, end_of(step));
  return length;
}

bool SwarmCase::has_faults() const {
  return std::ranges::any_of(
      steps, [](const Step& step) { return std::holds_alternative<Fault>(step.what); });
}

std::string SwarmCase::summary() const {
  const auto& multicast = broker.multicast;
  return "seed " + std::to_string(seed) + ": " + std::to_string(brokers) + " brokers on " +
         std::to_string(machines) + " machines in " + std::to_string(regions) +
         (broker.regions.empty() ? " regions, " : " regions with rings of their own, ") +
         (broker.region_table.size() == 0 ? "" : "relays, ") + std::to_string(programs.size()) +
         " programs, profile " + profile + ", leaf set " +
         std::to_string(broker.overlay.leaf_set_size) + ", children limit " +
         std::to_string(multicast.children_limit) + ", " + std::to_string(steps.size()) + " steps";
}

std::string to_text(const Step& step) {
  return seconds_text(step.at) + " " +
         std::visit([](const auto& what) { return to_text(what); }, step.what);
}

std::string to_text(const std::vector<Step>& steps) {
  std::string lines;
  for (const Step& step : steps) lines += to_text(step) + "\n";
  return lines;
}

Result<std::vector<Step>> parse_steps(std::string_view text) {
  std::vector<Step> steps;
  const Outcome read =
      for_each_line(text, [&](std::string_view line) { return read_step(line, steps); });
  if (!read) return read.error();
  return steps;
}

Outcome check_steps(const SwarmCase& swarm) {
  FaultPlan plan;
  for (const Step& step : swarm.steps) {
    if (const auto* fault = std::get_if<Fault>(&step.what)) {
      plan.push_back({step.at, *fault});
    } else if (std::get<Deed>(step.what).program >= swarm.programs.size()) {
      return Error{ErrorCode::kInvalidArgument, to_text(step) + ": there are programs 0 to " +
                                                    std::to_string(swarm.programs.size() - 1) +
                                                    " only"};
    }
  }
  return check_plan(plan, swarm.machines);
}

}  // namespace phyllo::sim
