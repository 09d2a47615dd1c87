#include <algorithm>
#include <cmath>

#include "sim/experiment/comparison.h"
#include "sim/experiment/pastry_growth.h"

namespace phyllo::sim {
namespace {

using published::Figure;

/// So far a share of the distribution of hops may be from the published one.
constexpr double kShareSlack = .02;

/// The rings of one size, one for each seed.
using Rings = std::vector<GrownRing>;

std::vector<double> each(const Rings& rings, const std::function<double(const GrownRing&)>& of) {
  return each_of<GrownRing>(rings, of);
}

std::optional<Goal> at_most(const std::optional<Figure>& figure) {
  return figure ? std::optional(sim::at_most(*figure)) : std::nullopt;
}

double per_join(const GrownRing& ring, std::uint64_t messages) {
  return static_cast<double>(messages) / static_cast<double>(ring.judged_joins);
}

/// Messages that would also be needed if distances were known.
std::uint64_t besides_distances(const Traffic& traffic) {
  return traffic.all() - traffic.of(Errand::kPing) - traffic.of(Errand::kPong);
}

/// What the messages of a join are for.
Table errands_of_joins(const std::vector<Rings>& sizes) {
  Table table;
  table.title = "Messages of one join, by errand";
  table.columns = {"nodes"};
  table.columns.insert(table.columns.end(), kErrandNames.begin(), kErrandNames.end());
  for (const Rings& rings : sizes) {
    std::vector<Cell> row{static_cast<std::int64_t>(rings[0].nodes)};
    for (std::size_t errand = 0; errand < kErrands; ++errand) {
      row.emplace_back(median_of<GrownRing>(rings, [&](const GrownRing& ring) {
        return per_join(ring, ring.joins.of(static_cast<Errand>(errand)));
      }));
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

const published::PastrySize* published_size(std::size_t nodes) {
  const auto& all = published::kPastrySizes;
  const auto it =
      std::find_if(all.begin(), all.end(), [&](const auto& size) { return size.nodes == nodes; });
  return it == all.end() ? nullptr : &*it;
}

std::optional<Figure> published_join(std::size_t nodes) {
  for (std::size_t i = 0; i < published::kPastryJoinNodes.size(); ++i) {
    if (published::kPastryJoinNodes[i] == nodes) return published::kPastryJoinMessages[i];
  }
  // The paper's own approximation, 3·2^b·log_{2^b} N.
  return Figure{3 * 16 * std::log(static_cast<double>(nodes)) / std::log(16.0),
                published::Sureness::kRead};
}

void add_by_size(const std::vector<Rings>& sizes, Report& report) {
  Comparison hops("Hops of a lookup", {"nodes"});
  Comparison stretch("Route distance ÷ direct distance, on the plane", {"nodes"});
  Comparison joins("Messages of one join", {"nodes", "counted"});
  Plot plot{.title = "Hops by ring size",
            .x = "nodes",
            .y = "mean hops",
            .lines = {{"published", {}, Plot::Stroke::kDashed}, {"ours", {}}},
            .x_scale = Plot::Scale::kLogarithmic};
  for (const Rings& rings : sizes) {
    const auto nodes = static_cast<std::int64_t>(rings[0].nodes);
    const auto* theirs = published_size(rings[0].nodes);
    const auto ours = each(rings, [](const auto& r) { return r.lookups.hops; });
    const auto their_hops = theirs ? std::optional(theirs->hops) : std::nullopt;
    const auto their_stretch = theirs ? std::optional(theirs->stretch) : std::nullopt;
    const auto their_join = published_join(rings[0].nodes);
    hops.add({nodes}, their_hops, ours, at_most(their_hops));
    stretch.add({nodes}, their_stretch,
                each(rings, [](const auto& r) { return r.lookups.stretch; }),
                at_most(their_stretch));
    joins.add({nodes, "all"}, their_join,
              each(rings, [](const auto& r) { return per_join(r, r.joins.all()); }),
              at_most(their_join));
    joins.add({nodes, "distances given"}, their_join,
              each(rings, [](const auto& r) { return per_join(r, besides_distances(r.joins)); }),
              at_most(their_join));
    if (theirs) plot.lines[0].points.emplace_back(nodes, theirs->hops.value);
    plot.lines[1].points.emplace_back(nodes, median(ours));
  }
  report.tables.push_back(hops.done("Between random pairs of nodes."));
  report.tables.push_back(stretch.done("All links' latencies ÷ all direct latencies."));
  report.tables.push_back(joins.done(
      "Ours: every message the newcomer sent or received until five seconds after it was active, "
      "and its request on the way. Published: 3·2^b·log N, or as printed; there a function told "
      "the distance to any address, and finding it out took no messages. Distances given: ours "
      "without pings and pongs."));
  report.tables.push_back(errands_of_joins(sizes));
  report.plots.push_back(std::move(plot));
}

void add_shares(const Rings& rings, Report& report) {
  const std::size_t nodes = rings[0].nodes;
  Comparison shares("Hops of a lookup, share of lookups, " + std::to_string(nodes) + " nodes",
                    {"hops"});
  std::size_t most = 0;
  for (const GrownRing& ring : rings) most = std::max(most, ring.lookups.shares.size());
  const bool comparable = nodes == published::kPastryHopSharesNodes;
  if (comparable) most = std::max(most, published::kPastryHopShares.size());
  for (std::size_t hops = 0; hops < most; ++hops) {
    std::optional<Figure> theirs;
    if (comparable && hops < published::kPastryHopShares.size()) {
      theirs = published::kPastryHopShares[hops];
    }
    const auto ours = each(rings, [&](const GrownRing& ring) {
      return hops < ring.lookups.shares.size() ? ring.lookups.shares[hops] : 0;
    });
    shares.add({static_cast<std::int64_t>(hops)}, theirs, ours,
               theirs ? std::optional(within(theirs->value, kShareSlack)) : std::nullopt);
  }
  report.tables.push_back(shares.done());
}

void add_rows(const Rings& rings, Report& report) {
  const std::size_t nodes = rings[0].nodes;
  Comparison table("Routing-table entries per node, " + std::to_string(nodes) + " nodes",
                   {"row", "entries"});
  const bool comparable = nodes == published::kPastryTableNodes;
  for (std::size_t row = 0; row < rings[0].rows.size(); ++row) {
    const auto of = [&](double RowQuality::*part) {
      return each(rings, [&](const GrownRing& ring) { return ring.rows[row].*part; });
    };
    const bool there = comparable && row < published::kPastryTableRows.size();
    std::optional<Figure> optimal;
    std::optional<Figure> suboptimal;
    if (there) {
      optimal = published::kPastryTableRows[row].optimal;
      suboptimal = published::kPastryTableRows[row].suboptimal;
    }
    const auto number = static_cast<std::int64_t>(row);
    table.add({number, "nearest possible"}, optimal, of(&RowQuality::optimal),
              there ? std::optional(at_least(*optimal)) : std::nullopt);
    table.add({number, "not the nearest"}, suboptimal, of(&RowQuality::suboptimal),
              at_most(suboptimal));
    table.add({number, "missing"}, std::nullopt, of(&RowQuality::missing));
    table.add({number, "dead"}, std::nullopt, of(&RowQuality::stale));
  }
  report.tables.push_back(table.done());
}

}  // namespace

void report_growth(const std::vector<std::vector<GrownRing>>& found, Report& report) {
  std::vector<Rings> sizes;
  for (std::size_t seed = 0; seed < found.size(); ++seed) {
    for (std::size_t i = 0; i < found[seed].size(); ++i) {
      const GrownRing& ring = found[seed][i];
      const std::string where =
          std::to_string(ring.nodes) + " nodes, seed " + std::to_string(report.seeds[seed]) + ": ";
      if (ring.hung) {
        report.violations.push_back(where + "a join did not come to its end");
        continue;
      }
      const LookupSummary& lookups = ring.lookups;
      if (lookups.wrong + lookups.missing > 0) {
        report.violations.push_back(where + std::to_string(lookups.wrong) +
                                    " lookups ended at a wrong node, " +
                                    std::to_string(lookups.missing) + " nowhere");
      }
      if (sizes.size() <= i) sizes.resize(i + 1);
      sizes[i].push_back(ring);
    }
  }
  if (sizes.empty()) return;
  add_by_size(sizes, report);
  for (const Rings& rings : sizes) {
    if (rings[0].nodes == published::kPastryHopSharesNodes || &rings == &sizes.back()) {
      add_shares(rings, report);
    }
    if (rings[0].nodes == published::kPastryTableNodes || &rings == &sizes.back()) {
      add_rows(rings, report);
    }
  }
}

}  // namespace phyllo::sim
