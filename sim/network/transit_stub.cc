#include "sim/network/transit_stub.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "base/random.h"

namespace phyllo::sim {
namespace {

struct Point {
  double x;
  double y;
};

/// A domain: how far it extends and how likely two of its members are linked. The likelihoods are
/// those of the generator's own examples; in larger domains a member has as many links as there.
struct Domain {
  double side;  ///< µs of delay
  double chance;
  double links;  ///< of one member, at most, on average
};
constexpr Domain kBetweenDomains{100'000, 0.5, 4.5};
constexpr Domain kTransit{20'000, 0.6, 2.4};
constexpr Domain kStub{4'000, 0.42, 3.78};
constexpr double kLeast = 50;  ///< µs, of any link

class Layout {
 public:
  Layout(const TransitStubShape& shape, std::uint64_t seed) : shape_(shape), random_(seed) {}

  RouterGraph build() {
    for (const Point& centre : scatter({0, 0}, kBetweenDomains.side, shape_.transit_domains)) {
      const auto first = add(scatter(centre, kTransit.side, shape_.transit_routers));
      connect(first, shape_.transit_routers, kTransit);
    }
    join_transit_domains();
    const std::size_t transit = routers_.size();
    for (std::size_t router = 0; router < transit; ++router) {
      for (std::size_t i = 0; i < shape_.stubs; ++i) hang_stub(router);
    }
    return RouterGraph(routers_.size(), std::move(links_));
  }

 private:
  std::vector<Point> scatter(Point centre, double side, std::size_t count) {
    std::vector<Point> points(count);
    for (Point& point : points) {
      point.x = centre.x + (random_.unit() - 0.5) * side;
      point.y = centre.y + (random_.unit() - 0.5) * side;
    }
    return points;
  }

  std::size_t add(const std::vector<Point>& points) {
    const std::size_t first = routers_.size();
    routers_.insert(routers_.end(), points.begin(), points.end());
    return first;
  }

  void link(std::size_t a, std::size_t b) {
    const double length = std::hypot(routers_[a].x - routers_[b].x, routers_[a].y - routers_[b].y);
    const auto delay = static_cast<std::uint32_t>(kLeast + length);
    links_.push_back({static_cast<RouterId>(a), static_cast<RouterId>(b),
                      std::chrono::duration<std::uint32_t, std::micro>(delay)});
  }

  /// A random graph over `count` members, and what it lacks to be connected; `join(a, b)` links
  /// two.
  template <class Join>
  void random_graph(std::size_t count, const Domain& domain, Join join) {
    if (count < 2) return;
    const double chance = std::min(domain.chance, domain.links / static_cast<double>(count - 1));
    std::vector<std::size_t> part(count);
    std::iota(part.begin(), part.end(), 0);
    const auto merge = [&](std::size_t a, std::size_t b) {
      join(a, b);
      std::ranges::replace(part, std::size_t{part[b]}, std::size_t{part[a]});
    };
    for (std::size_t a = 0; a < count; ++a) {
      for (std::size_t b = a + 1; b < count; ++b) {
        if (random_.chance(chance)) merge(a, b);
      }
    }
    for (std::size_t b = 1; b < count; ++b) {
      if (part[b] != part[0]) merge(random_.below(b), b);
    }
  }

  void connect(std::size_t first, std::size_t count, const Domain& domain) {
    random_graph(count, domain, [&](std::size_t a, std::size_t b) { link(first + a, first + b); });
  }

  void join_transit_domains() {
    const std::size_t each = shape_.transit_routers;
    random_graph(shape_.transit_domains, kBetweenDomains, [&](std::size_t a, std::size_t b) {
      link(a * each + random_.below(each), b * each + random_.below(each));
    });
  }

  void hang_stub(std::size_t transit_router) {
    const Point where = routers_[transit_router];
    const Point centre = scatter(where, kTransit.side, 1).front();
    const auto first = add(scatter(centre, kStub.side, shape_.stub_routers));
    connect(first, shape_.stub_routers, kStub);
    link(transit_router, first + random_.below(shape_.stub_routers));
  }

  const TransitStubShape& shape_;
  Random random_;
  std::vector<Point> routers_;
  std::vector<RouterLink> links_;
};

}  // namespace

Outcome check(const TransitStubShape& shape) {
  const auto wrong = [](const std::string& what) {
    return Error{ErrorCode::kInvalidArgument, "transit-stub network: " + what};
  };
  constexpr std::size_t kMost = RouterGraph::kMaxRouters;
  if (shape.transit_domains == 0) return wrong("there must be a transit domain");
  if (shape.transit_routers == 0) return wrong("a transit domain must have a router");
  if (shape.stubs > 0 && shape.stub_routers == 0) return wrong("a stub must have a router");
  for (const std::size_t number :
       {shape.transit_domains, shape.transit_routers, shape.stubs, shape.stub_routers}) {
    if (number > kMost) return wrong("more than " + std::to_string(kMost) + " of a kind");
  }
  if (shape.transit_domains * shape.transit_routers > kMost ||
      shape.stubs * shape.stub_routers > kMost || shape.routers() > kMost) {
    return wrong("more than " + std::to_string(kMost) + " routers");
  }
  return Done{};
}

RouterGraph transit_stub(const TransitStubShape& shape, std::uint64_t seed) {
  return Layout(shape, seed).build();
}

}  // namespace phyllo::sim
