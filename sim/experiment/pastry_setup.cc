#include "sim/experiment/pastry_setup.h"

#include "sim/experiment/bounds.h"

namespace phyllo::sim {
namespace {

Outcome check_growth(const PastrySetup::Growth& growth) {
  if (growth.sizes.empty()) return impossible("growth: no ring size is given");
  std::size_t last = 1;
  for (const std::size_t size : growth.sizes) {
    if (auto ok = within("growth: ring size", size, 2, kMaxNodes); !ok) return ok;
    if (size <= last) return impossible("growth: ring sizes must ascend");
    last = size;
  }
  return within("growth: lookups", growth.lookups, 1, kMaxLookups);
}

Outcome check_replicas(const char* part, std::size_t replicas, std::size_t leaf_set_size) {
  // A node knows the replicas of a key for which it is the root only within half its leaf set.
  return within(std::string(part) + ": replicas", replicas, 1, leaf_set_size / 2 + 1);
}

Outcome check_failures(const PastrySetup::Failures& failures, std::size_t leaf_set_size) {
  if (auto ok = within("failures: nodes", failures.nodes, 2, kMaxNodes); !ok) return ok;
  if (auto ok = share("failures: share", failures.share); !ok) return ok;
  if (auto ok = within("failures: lookups", failures.lookups, 1, kMaxLookups); !ok) return ok;
  return check_replicas("failures", failures.replicas, leaf_set_size);
}

Outcome check_replicas(const PastrySetup::Replicas& replicas) {
  if (auto ok = within("replicas: nodes", replicas.nodes, 2, kMaxNodes); !ok) return ok;
  if (auto ok = leaf_set("replicas: leaf set", replicas.leaf_set_size); !ok) return ok;
  if (auto ok = within("replicas: lookups", replicas.lookups, 1, kMaxLookups); !ok) return ok;
  return check_replicas("replicas", replicas.replicas, replicas.leaf_set_size);
}

}  // namespace

Outcome check(const PastrySetup& setup) {
  if (auto ok = check(setup.runs); !ok) return ok;
  if (auto ok = leaf_set("leaf set", setup.node.leaf_set_size); !ok) return ok;
  if (setup.parts.empty()) return impossible("no part of the experiment is chosen");
  using Part = PastrySetup::Part;
  if (setup.parts.contains(Part::kGrowth)) {
    if (auto ok = check_growth(setup.growth); !ok) return ok;
  }
  if (setup.parts.contains(Part::kFailures)) {
    if (auto ok = check_failures(setup.failures, setup.node.leaf_set_size); !ok) return ok;
  }
  if (setup.parts.contains(Part::kReplicas)) return check_replicas(setup.replicas);
  return Done{};
}

}  // namespace phyllo::sim
