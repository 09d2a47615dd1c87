#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "sim/network/latency_model.h"

namespace phyllo::sim {

/// What is known of the network between regions. Both squares have a row for each sender's region
/// and in it a column for each receiver's, in the order of `names`.
struct RegionTable {
  std::vector<std::string> names;
  std::vector<std::vector<Duration>>
      round_trip;  ///< the diagonal: between two stations of a region
  std::vector<std::vector<double>> price_per_gb;  ///< of 10⁹ bytes; whatever currency; may be empty

  std::optional<std::size_t> index(std::string_view name) const;
  /// kInvalidArgument, with what is wrong, for a table that no RegionMatrix can be made of: no or
  /// too many regions, a name twice, a row missing or of another length, a round trip that is not
  /// between 1 ns and an hour, a price that is negative or no number.
  Outcome check() const;
};

/// Stations in regions: a message takes half the round trip between them. Counts what crosses from
/// each region to each other one, so that it can be paid for. A station is in the region its place
/// names, or in any one when that is none of the table's.
class RegionMatrix final : public LatencyModel {
 public:
  struct Traffic {
    std::uint64_t messages = 0;
    std::uint64_t bytes = 0;
  };

  /// `table` has passed `check`.
  explicit RegionMatrix(RegionTable table);

  void add_station(const StationPlace& place, Random& random) override;
  Duration delay(StationId from, StationId to) const override;
  void carried(StationId from, StationId to, const overlay::Wire& wire) override;

  const RegionTable& table() const { return table_; }
  std::size_t region_of(StationId station) const { return regions_[station]; }
  const Traffic& traffic(std::size_t from, std::size_t to) const;
  /// Over all ordered pairs of different regions.
  Traffic crossing() const;
  /// What all traffic has cost; 0 when the table knows no prices.
  double cost() const;
  /// Counts from zero again.
  void forget_traffic();

 private:
  std::size_t cell(StationId from, StationId to) const {
    return regions_[from] * table_.names.size() + regions_[to];
  }

  RegionTable table_;
  std::vector<Duration> one_way_;  // both in the order of cells
  std::vector<Traffic> traffic_;
  std::vector<std::uint32_t> regions_;  // by station
};

}  // namespace phyllo::sim
