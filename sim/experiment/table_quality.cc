#include "sim/experiment/table_quality.h"

#include <algorithm>
#include <array>
#include <optional>

namespace phyllo::sim {
namespace {

using overlay::Contact;
using overlay::kDigits;
using overlay::kDigitValues;
using overlay::NodeId;
using overlay::Uint128;

/// What the best table of one node would hold.
class BestTable {
 public:
  BestTable(const Population& population, StationId owner)
      : population_(population), owner_(owner), id_(population.node(owner).self().id()) {}

  /// The least latency to anybody who fits; nullopt when nobody does.
  std::optional<Duration> best(int row, int digit) const {
    const int below = 128 - overlay::kDigitBits * (row + 1);
    const Uint128 mask = below == 0 ? 0 : (Uint128{1} << below) - 1;
    const Uint128 prefix = row == 0 ? Uint128{0} : id_.value() >> (below + overlay::kDigitBits);
    const Uint128 first = ((prefix << overlay::kDigitBits) | static_cast<Uint128>(digit)) << below;
    const auto& ring = population_.ring();
    std::optional<Duration> least;
    const auto end = ring.upper_bound(NodeId(first | mask));
    for (auto it = ring.lower_bound(NodeId(first)); it != end; ++it) {
      const Duration latency = population_.network().latency(owner_, it->second);
      if (!least || latency < *least) least = latency;
    }
    return least;
  }

 private:
  const Population& population_;
  StationId owner_;
  NodeId id_;
};

void judge(const Population& population, StationId owner, std::vector<RowQuality>& rows) {
  const overlay::Node& node = population.node(owner);
  const NodeId self = node.self().id();
  std::array<std::array<std::optional<NodeId>, kDigitValues>, kDigits> held{};
  for (const Contact& entry : node.routing_table()) {
    const int row = shared_digits(self, entry.id());
    held[static_cast<std::size_t>(row)][static_cast<std::size_t>(entry.id().digit(row))] =
        entry.id();
  }
  const BestTable table(population, owner);
  for (int row = 0; row < static_cast<int>(rows.size()); ++row) {
    RowQuality& quality = rows[static_cast<std::size_t>(row)];
    for (int digit = 0; digit < kDigitValues; ++digit) {
      if (digit == self.digit(row)) continue;
      const auto best = table.best(row, digit);
      const auto& entry = held[static_cast<std::size_t>(row)][static_cast<std::size_t>(digit)];
      if (!entry) {
        if (best) ++quality.missing;
        continue;
      }
      const auto there = population.ring().find(*entry);
      if (there == population.ring().end()) {
        ++quality.stale;
      } else if (population.network().latency(owner, there->second) == *best) {
        ++quality.optimal;
      } else {
        ++quality.suboptimal;
      }
    }
  }
}

}  // namespace

std::vector<RowQuality> table_quality(Population& population, std::size_t sample) {
  std::vector<StationId> judged = population.active();
  for (std::size_t i = 0; i < std::min(sample, judged.size()); ++i) {
    std::swap(judged[i], judged[i + population.random().below(judged.size() - i)]);
  }
  judged.resize(std::min(sample, judged.size()));
  // One row beyond the last in which a node has company, for what should not be there.
  std::size_t depth = 1;
  for (std::size_t reach = kDigitValues; reach < population.active().size(); reach *= 16) ++depth;
  std::vector<RowQuality> rows(depth + 1);
  for (const StationId owner : judged) judge(population, owner, rows);
  const auto count = static_cast<double>(std::max<std::size_t>(judged.size(), 1));
  for (RowQuality& row : rows) {
    row.optimal /= count;
    row.suboptimal /= count;
    row.missing /= count;
    row.stale /= count;
  }
  return rows;
}

}  // namespace phyllo::sim
