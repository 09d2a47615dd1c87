#include "sim/oracle/tree_oracle.h"

#include <algorithm>
#include <optional>

namespace phyllo::sim {
namespace {

using multicast::TreeNode;
using overlay::NodeId;

bool lists(const TreeNode& parent, NodeId child) {
  return std::ranges::count(parent.children, child) > 0;
}

void check_edges(const TreeParts& parts, const TreeNode& node, Findings& out) {
  const std::string name = node.node.id().short_hex();
  if (node.root == node.parent.has_value()) {
    out.push_back(name + (node.root ? " is root and has a parent" : " has no parent"));
  }
  if (node.parent) {
    const auto parent = parts.find(*node.parent);
    if (parent == parts.end() || !lists(parent->second, node.node.id())) {
      out.push_back(name + " is not among the children of its parent " + node.parent->short_hex());
    }
  }
  std::uint64_t count = node.local_subscribers;
  for (const NodeId id : node.children) {
    const auto child = parts.find(id);
    if (child == parts.end() || child->second.parent != node.node.id()) {
      out.push_back(name + " lists " + id.short_hex() + ", which has another parent or none");
    } else {
      count += child->second.subtree_subscribers;
    }
  }
  if (count != node.subtree_subscribers) {
    out.push_back(name + " counts " + std::to_string(node.subtree_subscribers) +
                  " subscribers below it, there are " + std::to_string(count));
  }
}

void check_way_up(const TreeParts& parts, const TreeNode& node, Findings& out) {
  std::set<NodeId> way{node.node.id()};
  for (auto up = node.parent; up;) {
    if (!way.insert(*up).second) {
      out.push_back(node.node.id().short_hex() + " is on or below a cycle");
      return;
    }
    const auto next = parts.find(*up);
    up = next == parts.end() ? std::nullopt : next->second.parent;
  }
}

}  // namespace

Findings check_tree(const TreeParts& parts, NodeId right_root,
                    const std::map<NodeId, std::uint64_t>& subscribers, Leftover leftover) {
  Findings out;
  for (const auto& [id, node] : parts) {
    check_edges(parts, node, out);
    check_way_up(parts, node, out);
    if (node.root && id != right_root) out.push_back(id.short_hex() + " is root by mistake");
    const bool left = leftover == Leftover::kRoot && id == right_root;
    if (node.children.empty() && node.local_subscribers == 0 && !left) {
      out.push_back(id.short_hex() + " is a leaf without subscribers");
    }
    const auto wanted = subscribers.find(id);
    const std::uint64_t should_be = wanted == subscribers.end() ? 0 : wanted->second;
    if (node.local_subscribers != should_be) {
      out.push_back(id.short_hex() + " has " + std::to_string(node.local_subscribers) +
                    " subscribers of its own, should have " + std::to_string(should_be));
    }
  }
  for (const auto& [id, count] : subscribers) {
    if (!parts.contains(id)) out.push_back("subscriber " + id.short_hex() + " has no part");
  }
  if (!parts.empty() && !parts.contains(right_root)) {
    out.push_back(right_root.short_hex() + " should be root");
  }
  return out;
}

}  // namespace phyllo::sim
