#include <algorithm>
#include <set>

#include "sim/ring/ring_oracle.h"

namespace phyllo::sim {
namespace {

using overlay::Key;
using overlay::NodeId;

std::string path_text(const Ring& ring, const Routed& message) {
  std::string text;
  for (const StationId at : message.path) text += " " + ring.id(at).short_hex();
  return text;
}

std::string headline(const Ring& ring, const Routed& message) {
  return "message to " + message.key.hex() + " from " + ring.id(message.from).short_hex() + " by" +
         path_text(ring, message) + ": ";
}

}  // namespace

Findings check_delivery(Ring& ring, const std::vector<StationId>& members, std::size_t count,
                        Duration patience) {
  const std::size_t first = ring.routed().size();
  for (std::size_t i = 0; i < count; ++i) ring.route(ring.pick(members), ring.random_key());
  const auto arrived = [&] {
    for (std::size_t i = first; i < first + count; ++i) {
      if (ring.routed()[i].deliveries.empty()) return false;
    }
    return true;
  };
  ring.run_until(arrived, patience);
  ring.run_for(std::min<Duration>(patience, std::chrono::milliseconds(200)));  // for duplicates
  Findings out;
  for (std::size_t i = first; i < first + count; ++i) {
    const Routed& message = ring.routed()[i];
    if (!message.delivered_once()) {
      out.push_back(headline(ring, message) + "delivered " +
                    std::to_string(message.deliveries.size()) + " times");
      continue;
    }
    const StationId root = root_among(ring, members, message.key);
    if (message.deliveries[0].at != root) {
      out.push_back(headline(ring, message) + "delivered at the wrong node, root is " +
                    ring.id(root).short_hex());
    }
    append(out, check_progress(ring, message));
  }
  return out;
}

Findings check_progress(const Ring& ring, const Routed& message) {
  Findings out;
  if (std::set<StationId>(message.path.begin(), message.path.end()).size() != message.path.size()) {
    out.push_back(headline(ring, message) + "a node was visited twice");
  }
  for (std::size_t i = 0; i + 2 < message.path.size(); ++i) {
    const NodeId here = ring.id(message.path[i]);
    const NodeId next = ring.id(message.path[i + 1]);
    if (progresses(here, next, message.key)) continue;
    out.push_back(headline(ring, message) + "a step back from " + here.short_hex());
  }
  return out;
}

}  // namespace phyllo::sim
