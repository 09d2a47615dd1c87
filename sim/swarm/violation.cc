#include "sim/swarm/violation.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "sim/fault/words.h"
#include "sim/network/message_text.h"

namespace phyllo::sim {
namespace {

constexpr std::size_t kFindings = 10;
constexpr std::size_t kMessages = 20;

/// Findings name brokers by the beginning of their ids.
std::vector<StationId> named_in(const Cluster& cluster, const Findings& findings) {
  std::vector<StationId> named;
  for (StationId id = 0; id < cluster.size(); ++id) {
    const std::string name = cluster.id(id).short_hex();
    const auto mentions = [&](const std::string& finding) {
      return finding.find(name) != std::string::npos;
    };
    if (std::ranges::any_of(findings, mentions)) named.push_back(id);
  }
  return named;
}

std::string last_messages(const Cluster& cluster, const std::vector<StationId>& nodes) {
  const NetworkTrace& trace = cluster.network().trace();
  const bool regional = cluster.setup().broker.regions.size() > 1;
  const auto describe = regional ? describe_wire_of_regions : describe_wire;
  if (nodes.empty()) return trace.text(kMessages, describe);
  if (nodes.size() == 1) return trace.text(kMessages, describe, nodes[0]);
  return trace.text(kMessages, describe, nodes[0], nodes[1]);
}

}  // namespace

Violation witness(const Cluster& cluster, std::string rule, Findings findings) {
  PHYLLO_CHECK(!findings.empty());
  if (findings.size() > kFindings) findings.resize(kFindings);
  std::vector<StationId> nodes = named_in(cluster, findings);
  std::string messages = last_messages(cluster, nodes);
  return {std::move(rule), std::move(findings), cluster.now(), std::move(nodes),
          std::move(messages)};
}

std::string to_text(const Violation& violation) {
  std::string text = violation.rule + " does not hold at " +
                     seconds_text(violation.when.time_since_epoch()) + ":\n";
  for (const std::string& finding : violation.findings) text += "  " + finding + "\n";
  text += "brokers:";
  for (const StationId node : violation.nodes) text += " #" + std::to_string(node);
  return text + (violation.nodes.empty() ? " none named" : "") + "\nlast messages:\n" +
         violation.messages;
}

}  // namespace phyllo::sim
