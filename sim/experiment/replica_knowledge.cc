#include "sim/experiment/replica_knowledge.h"

#include <vector>

namespace phyllo::sim {
namespace {

using overlay::Contact;
using overlay::NodeId;

/// Nodes stand at random: whom one takes for just outside may be inside, and a hop in vain costs
/// less than the nearest one missed.
constexpr double kBenefitOfTheDoubt = 2;

/// How far from a key the outermost of the `count` nodes closest to it may stand.
double reach_of(const std::vector<Contact>& left, const std::vector<Contact>& right,
                std::size_t count) {
  const auto leaves = static_cast<double>(left.size() + right.size());
  const auto arc = static_cast<double>(clockwise(left.back().id(), right.back().id()));
  return kBenefitOfTheDoubt * arc / leaves * static_cast<double>(count) / 2;
}

}  // namespace

std::optional<Contact> likely_replica(const overlay::Node& node, overlay::Key key,
                                      std::size_t count, NodeId closest) {
  const std::vector<Contact> left = node.left_leaves();
  const std::vector<Contact> right = node.right_leaves();
  if (left.empty() || right.empty()) return std::nullopt;
  const double reach = reach_of(left, right, count);
  const std::vector<Contact> table = node.routing_table();
  std::optional<Contact> nearest;
  for (const auto* known : {&right, &left, &table}) {
    for (const Contact& contact : *known) {
      const auto distance = static_cast<double>(overlay::distance(key, contact.id()));
      if (distance > reach || !closer(key, contact.id(), closest)) continue;
      if (!nearest || node.proximity(contact.id()) < node.proximity(nearest->id())) {
        nearest = contact;
      }
    }
  }
  return nearest;
}

}  // namespace phyllo::sim
