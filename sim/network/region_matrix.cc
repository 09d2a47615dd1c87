#include "sim/network/region_matrix.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "base/check.h"

namespace phyllo::sim {
namespace {

constexpr std::size_t kMaxRegions = 1000;
constexpr double kBytesPerGb = 1e9;

Error invalid(std::string what) { return {ErrorCode::kInvalidArgument, std::move(what)}; }

template <class Cell>
Outcome check_square(const std::vector<std::vector<Cell>>& square, const RegionTable& table,
                     const std::string& what) {
  const std::size_t size = table.names.size();
  if (square.size() != size) {
    return invalid("the table of " + what + " has " + std::to_string(square.size()) + " rows for " +
                   std::to_string(size) + " regions");
  }
  for (std::size_t row = 0; row < size; ++row) {
    if (square[row].size() == size) continue;
    return invalid("the " + what + " from " + table.names[row] + " are " +
                   std::to_string(square[row].size()) + " for " + std::to_string(size) +
                   " regions");
  }
  return Done{};
}

bool possible(Duration round_trip) {
  return round_trip > Duration::zero() && round_trip <= std::chrono::hours(1);
}

bool possible(double price) { return std::isfinite(price) && price >= 0; }

template <class Cell>
Outcome check_cells(const std::vector<std::vector<Cell>>& square, const RegionTable& table,
                    const std::string& what) {
  for (std::size_t from = 0; from < square.size(); ++from) {
    for (std::size_t to = 0; to < square.size(); ++to) {
      if (possible(square[from][to])) continue;
      return invalid("the " + what + " from " + table.names[from] + " to " + table.names[to] +
                     " is out of range");
    }
  }
  return Done{};
}

}  // namespace

std::optional<std::size_t> RegionTable::index(std::string_view name) const {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return std::nullopt;
  return static_cast<std::size_t>(found - names.begin());
}

Outcome RegionTable::check() const {
  if (names.empty()) return invalid("there is no region");
  if (names.size() > kMaxRegions) return invalid("there are more than 1000 regions");
  std::set<std::string_view> seen;
  for (const std::string& name : names) {
    if (name.empty()) return invalid("a region has no name");
    if (!seen.insert(name).second) return invalid("region " + name + " stands there twice");
  }
  if (auto trips = check_square(round_trip, *this, "round trips"); !trips.ok()) return trips;
  if (auto trips = check_cells(round_trip, *this, "round trip"); !trips.ok()) return trips;
  if (price_per_gb.empty()) return Done{};
  if (auto prices = check_square(price_per_gb, *this, "prices"); !prices.ok()) return prices;
  return check_cells(price_per_gb, *this, "price");
}

RegionMatrix::RegionMatrix(RegionTable table) : table_(std::move(table)) {
  PHYLLO_CHECK(table_.check().ok());
  for (const auto& row : table_.round_trip) {
    for (const Duration round_trip : row) one_way_.push_back(round_trip / 2);
  }
  forget_traffic();
}

void RegionMatrix::add_station(const StationPlace& place, Random& random) {
  const auto named = table_.index(place.region);
  const std::size_t region = named ? *named : random.below(table_.names.size());
  regions_.push_back(static_cast<std::uint32_t>(region));
}

Duration RegionMatrix::delay(StationId from, StationId to) const {
  return one_way_[cell(from, to)];
}

void RegionMatrix::carried(StationId from, StationId to, const overlay::Wire& wire) {
  Traffic& traffic = traffic_[cell(from, to)];
  ++traffic.messages;
  traffic.bytes += wire.size();
}

const RegionMatrix::Traffic& RegionMatrix::traffic(std::size_t from, std::size_t to) const {
  PHYLLO_CHECK(from < table_.names.size() && to < table_.names.size());
  return traffic_[from * table_.names.size() + to];
}

RegionMatrix::Traffic RegionMatrix::crossing() const {
  Traffic sum;
  for (std::size_t from = 0; from < table_.names.size(); ++from) {
    for (std::size_t to = 0; to < table_.names.size(); ++to) {
      if (from == to) continue;
      sum.messages += traffic(from, to).messages;
      sum.bytes += traffic(from, to).bytes;
    }
  }
  return sum;
}

double RegionMatrix::cost() const {
  double sum = 0;
  for (std::size_t from = 0; from < table_.price_per_gb.size(); ++from) {
    for (std::size_t to = 0; to < table_.names.size(); ++to) {
      sum += table_.price_per_gb[from][to] * static_cast<double>(traffic(from, to).bytes);
    }
  }
  return sum / kBytesPerGb;
}

void RegionMatrix::forget_traffic() {
  traffic_.assign(table_.names.size() * table_.names.size(), {});
}

}  // namespace phyllo::sim
