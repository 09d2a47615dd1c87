#include "sim/experiment/replica_knowledge.h"

#include <algorithm>

namespace phyllo::sim {
namespace {

using overlay::Contact;
using overlay::Key;
using overlay::Node;
using overlay::NodeId;
using overlay::Uint128;

/// Whether the node knows everybody who is not farther from the key than `reach`.
bool sees(const Node& node, Key key, Uint128 reach) {
  const std::vector<Contact> left = node.left_leaves();
  const std::vector<Contact> right = node.right_leaves();
  if (left.empty() || right.empty()) return true;
  const NodeId first = left.back().id();
  const NodeId last = right.back().id();
  const NodeId self = node.self().id();
  // A leaf set whose sides overlap is the whole ring.
  if (clockwise(first, self) + clockwise(self, last) < clockwise(first, self)) return true;
  if (std::any_of(right.begin(), right.end(),
                  [&](const Contact& contact) { return contact.id() == first; })) {
    return true;
  }
  return clockwise(first, key) <= clockwise(first, last) && clockwise(first, key) >= reach &&
         clockwise(key, last) >= reach;
}

}  // namespace

bool is_replica(const Node& node, Key key, std::size_t count) {
  const NodeId self = node.self().id();
  const std::vector<Contact> closest = node.replica_set(key, count);
  const bool among = std::any_of(closest.begin(), closest.end(),
                                 [&](const Contact& contact) { return contact.id() == self; });
  return among && sees(node, key, distance(key, self));
}

std::optional<std::vector<Contact>> replicas_of(const Node& node, Key key, std::size_t count) {
  std::vector<Contact> closest = node.replica_set(key, count);
  if (!sees(node, key, distance(key, closest.back().id()))) return std::nullopt;
  return closest;
}

}  // namespace phyllo::sim
