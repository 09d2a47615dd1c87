#include "sim/network/transit_stub.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <set>
#include <vector>

#include "base/random.h"
#include "sim/network/end_nodes.h"
#include "sim/network/link_stress.h"

namespace phyllo::sim {
namespace {

using namespace std::chrono_literals;

RouterLink link_of(int one, int other, std::uint32_t delay) {
  return {static_cast<RouterId>(one), static_cast<RouterId>(other),
          std::chrono::duration<std::uint32_t, std::micro>(delay)};
}

/// A square with a diagonal that is no short cut, and a tail: 0-1-2-3-0, 1-3, 3-4.
RouterGraph square() {
  return RouterGraph(5, {link_of(0, 1, 10), link_of(1, 2, 10), link_of(2, 3, 10), link_of(3, 0, 15),
                         link_of(1, 3, 40), link_of(3, 4, 5)});
}

std::vector<LinkId> path(const RouterGraph& graph, RouterId from, RouterId to) {
  std::vector<LinkId> links;
  graph.each_link(from, to, [&](LinkId link) { links.push_back(link); });
  return links;
}

TEST(RouterGraph, TakesThePathOfLeastDelayNotOfFewestLinks) {
  const RouterGraph graph = square();
  EXPECT_EQ(graph.delay(1, 3), 20us);
  EXPECT_EQ(path(graph, 1, 3), (std::vector<LinkId>{2, 1}));
  EXPECT_EQ(graph.delay(1, 4), 25us);
  EXPECT_EQ(graph.delay(0, 0), 0us);
  EXPECT_TRUE(path(graph, 2, 2).empty());
}

TEST(RouterGraph, DelayIsTheSumOfThePathAndTheSameBothWays) {
  const RouterGraph graph = transit_stub({3, 4, 3, 5}, 7);
  Random random(7);
  for (int i = 0; i < 500; ++i) {
    const auto a = static_cast<RouterId>(random.below(graph.routers()));
    const auto b = static_cast<RouterId>(random.below(graph.routers()));
    Duration sum{};
    graph.each_link(a, b, [&](LinkId link) { sum += graph.links()[link].delay; });
    EXPECT_EQ(graph.delay(a, b), sum);
    EXPECT_EQ(graph.delay(b, a), sum);
  }
}

TEST(TransitStub, HasAsManyRoutersAsTheShapeSays) {
  EXPECT_EQ(TransitStubShape{}.routers(), 5050u);
  EXPECT_EQ(transit_stub({}, 1).routers(), 5050u);
  EXPECT_EQ(transit_stub({1, 1, 0, 0}, 1).routers(), 1u);
}

TEST(TransitStub, EveryStubHangsOnOneLinkToItsTransitRouter) {
  const TransitStubShape shape{4, 3, 5, 6};
  const RouterGraph graph = transit_stub(shape, 3);
  const std::size_t transit = shape.transit_domains * shape.transit_routers;
  std::vector<std::set<std::size_t>> up(transit * shape.stubs);
  std::vector<int> links(transit * shape.stubs, 0);
  const auto stub_of = [&](RouterId router) { return (router - transit) / shape.stub_routers; };
  for (const RouterLink& link : graph.links()) {
    const auto [low, high] = std::minmax(link.one, link.other);
    if (high < transit) continue;
    if (low >= transit) {
      EXPECT_EQ(stub_of(low), stub_of(high)) << "a link between stubs";
      continue;
    }
    up[stub_of(high)].insert(low);
    ++links[stub_of(high)];
  }
  for (std::size_t stub = 0; stub < up.size(); ++stub) {
    EXPECT_EQ(links[stub], 1);
    EXPECT_EQ(up[stub], std::set<std::size_t>{stub / shape.stubs});
  }
}

TEST(TransitStub, PathsStayWithinTheirDomain) {
  const TransitStubShape shape{4, 3, 5, 6};
  const RouterGraph graph = transit_stub(shape, 5);
  const std::size_t transit = shape.transit_domains * shape.transit_routers;
  for (std::size_t first = transit; first < graph.routers(); first += shape.stub_routers) {
    for (std::size_t i = 0; i < shape.stub_routers; ++i) {
      graph.each_link(static_cast<RouterId>(first), static_cast<RouterId>(first + i),
                      [&](LinkId id) {
                        const auto [one, other, delay] = graph.links()[id];
                        EXPECT_GE(std::min(one, other), first);
                        EXPECT_LT(std::max(one, other), first + shape.stub_routers);
                      });
    }
  }
}

TEST(TransitStub, IsAFunctionOfTheSeed) {
  const auto delays = [](std::uint64_t seed) {
    const RouterGraph graph = transit_stub({3, 2, 2, 4}, seed);
    std::vector<Duration> all;
    for (RouterId to = 0; to < graph.routers(); ++to) all.push_back(graph.delay(0, to));
    return all;
  };
  EXPECT_EQ(delays(4), delays(4));
  EXPECT_NE(delays(4), delays(5));
}

TEST(TransitStub, RefusesShapesThatCannotBe) {
  EXPECT_TRUE(check(TransitStubShape{}).ok());
  EXPECT_TRUE(check(TransitStubShape{1, 1, 0, 0}).ok());
  for (const TransitStubShape& shape :
       {TransitStubShape{0, 5, 10, 10}, TransitStubShape{10, 0, 10, 10},
        TransitStubShape{10, 5, 10, 0}, TransitStubShape{100, 100, 100, 100},
        TransitStubShape{std::size_t{1} << 63, 2, 1, 1}, TransitStubShape{1, 1, SIZE_MAX, 1}}) {
    const Outcome outcome = check(shape);
    ASSERT_FALSE(outcome.ok());
    EXPECT_EQ(outcome.error().code, ErrorCode::kInvalidArgument);
  }
}

TEST(EndNodes, TwoOfOneRouterAreTwoLanLinksApart) {
  const RouterGraph graph = square();
  EndNodes nodes(graph);
  for (const RouterId router : {1, 1, 4}) nodes.add(router);
  EXPECT_EQ(nodes.delay(0, 1), 2ms);
  EXPECT_EQ(nodes.delay(0, 2), 2ms + 25us);
}

TEST(LinkStress, CountsEveryLinkOfAUnicast) {
  const RouterGraph graph = square();
  EndNodes nodes(graph);
  for (const RouterId router : {1, 4, 1}) nodes.add(router);
  LinkStress stress(nodes);
  stress.unicast(0, 1);
  stress.unicast(0, 2);
  EXPECT_EQ(stress.messages(), (std::vector<std::uint32_t>{0, 1, 1, 0, 0, 1, 2, 1, 1}));
  EXPECT_EQ(stress.total(), 7u);
  EXPECT_EQ(stress.total_between_routers(), 3u);
  EXPECT_EQ(stress.maximum(), 2u);
}

TEST(LinkStress, CountsALinkThatMembersShareOncePerMulticast) {
  const RouterGraph graph = square();
  EndNodes nodes(graph);
  for (const RouterId router : {1, 4, 3, 0}) nodes.add(router);
  LinkStress stress(nodes);
  const std::vector<std::uint32_t> members{0, 1, 2, 3};
  stress.multicast(0, members);
  EXPECT_EQ(stress.messages(), (std::vector<std::uint32_t>{1, 1, 1, 0, 0, 1, 1, 1, 1, 1}));
  stress.multicast(0, members);
  EXPECT_EQ(stress.total(), 16u);
}

TEST(LinkStress, AMulticastToNobodyElseCrossesNoLink) {
  const RouterGraph graph = square();
  EndNodes nodes(graph);
  nodes.add(2);
  LinkStress stress(nodes);
  const std::vector<std::uint32_t> members{0};
  stress.multicast(0, members);
  EXPECT_EQ(stress.total(), 0u);
}

}  // namespace
}  // namespace phyllo::sim
