#pragma once

#include <cstddef>
#include <cstdint>

#include "base/result.h"
#include "sim/network/router_graph.h"

namespace phyllo::sim {

/// How many routers of which kind; the defaults are those of the Scribe and MSPastry papers.
struct TransitStubShape {
  std::size_t transit_domains = 10;
  std::size_t transit_routers = 5;  ///< of each transit domain
  std::size_t stubs = 10;           ///< of each transit router
  std::size_t stub_routers = 10;    ///< of each stub

  std::size_t routers() const {
    return transit_domains * transit_routers * (1 + stubs * stub_routers);
  }
};

/// kInvalidArgument, with the number named, when no network has this shape.
Outcome check(const TransitStubShape& shape);

/// Routers laid out as the Georgia Tech generator (GT-ITM) does: transit domains on a plane, their
/// routers around the middle of each, stub domains around their transit router, and within each
/// domain, and between the transit domains, a connected random graph. A link's delay grows with its
/// length. A path is the one of least delay: no policy is needed to keep it within a domain, since
/// a stub hangs on one transit router and domains are far from each other. The transit routers have
/// the lowest numbers. A function of the shape, which `check` must accept, and of the seed.
RouterGraph transit_stub(const TransitStubShape& shape, std::uint64_t seed);

}  // namespace phyllo::sim
