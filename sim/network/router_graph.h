#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/time.h"

namespace phyllo::sim {

using RouterId = std::uint16_t;
using LinkId = std::uint32_t;

/// A link between two routers, the same in both directions.
struct RouterLink {
  RouterId one;
  RouterId other;
  std::chrono::duration<std::uint32_t, std::micro> delay;  ///< whole, so that sums are exact
};

/// Routers, the links between them, and the paths of least delay. What is known of the paths from
/// one router is found when it is first asked for and kept, six bytes for each destination. One
/// thread.
class RouterGraph {
 public:
  static constexpr std::size_t kMaxRouters = 65'535;

  /// Every router must be reachable from every other.
  RouterGraph(std::size_t routers, std::vector<RouterLink> links);

  std::size_t routers() const { return first_end_.size() - 1; }
  const std::vector<RouterLink>& links() const { return links_; }
  Duration delay(RouterId from, RouterId to) const;
  /// One hop of a path, seen from its far end.
  struct Step {
    LinkId link;
    RouterId router;  ///< nearer to the source
  };
  /// The last step of the path to `to`, which must be another router. The paths from one router
  /// form a tree.
  Step last_step(RouterId from, RouterId to) const {
    return ends_[first_end_[to] + from_router(from).way_back[to]];
  }
  /// Calls `visit(LinkId)` for each link of the path, the one at `to` first.
  template <class Visit>
  void each_link(RouterId from, RouterId to, Visit visit) const {
    while (to != from) {
      const Step step = last_step(from, to);
      visit(step.link);
      to = step.router;
    }
  }

 private:
  /// The shortest paths from one router.
  struct Tree {
    std::vector<std::uint32_t> delay;     ///< µs
    std::vector<std::uint16_t> way_back;  ///< which of a router's links leads to the source
  };
  const Tree& from_router(RouterId from) const {
    Tree& tree = trees_[from];
    if (tree.delay.empty()) grow(from, tree);
    return tree;
  }
  void grow(RouterId from, Tree& tree) const;

  std::vector<RouterLink> links_;
  std::vector<std::uint32_t> first_end_;  ///< of each router in `ends_`; one more at the end
  std::vector<Step> ends_;                ///< the links of each router and who is at the other side
  mutable std::vector<Tree> trees_;
};

}  // namespace phyllo::sim
