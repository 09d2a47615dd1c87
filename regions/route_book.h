#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/time.h"
#include "regions/region_table.h"

namespace phyllo::regions {

/// A way from one region to another.
struct Route {
  std::vector<std::string> through;  ///< other regions, in this order; none: the direct way
  Duration extra{};                  ///< so much longer than that one it takes

  bool direct() const { return through.empty(); }
  bool operator==(const Route&) const = default;
};

/// Which ways batches take out of one region, as the table of regions makes them cheapest. Regions
/// that are not in the table are sent to directly, and so are those to which the table has no
/// delay: nobody could say how much later a batch would arrive. Remembers plans that were made.
class RouteBook {
 public:
  RouteBook(RegionTable table, const std::string& from, Duration extra_delay);

  /// Whether any batch could take another way than the direct one.
  bool of_use() const { return of_use_; }
  /// The regions of the table without the one that is sent from.
  const std::vector<std::string>& others() const { return others_; }
  /// The way to each of `interested` that is not sent to directly; each of those may be on the way
  /// to others, and `relays` besides.
  using Routes = std::map<std::string, Route>;
  const Routes& routes(const std::vector<std::string>& interested,
                       const std::vector<std::string>& relays);

 private:
  using Key = std::pair<std::vector<std::size_t>, std::vector<std::size_t>>;
  std::vector<std::size_t> known(const std::vector<std::string>& regions) const;
  Routes plan(const Key& key) const;

  RegionTable table_;  ///< with ways of no known delay too long to be used
  std::size_t from_ = 0;
  Duration extra_delay_{};
  bool of_use_ = false;
  std::vector<std::string> others_;
  std::map<Key, Routes> plans_;
};

}  // namespace phyllo::regions
