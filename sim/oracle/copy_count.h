#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>

namespace phyllo::sim {

/// What became of messages at the borders of regions.
struct CopyCount {
  std::uint64_t wanted = 0;    ///< pairs of a message and a region, not its own, that wants it
  std::uint64_t entered = 0;   ///< copies that entered such a region
  std::uint64_t repeated = 0;  ///< of these the second and further ones of a message
  std::uint64_t missed = 0;    ///< such pairs without a copy
  std::uint64_t unwanted = 0;  ///< copies that entered any other region
  bool operator==(const CopyCount&) const = default;

  /// One message more, of which so many copies entered each region.
  void add(const std::map<std::size_t, std::uint64_t>& copies,
           const std::set<std::size_t>& wanting) {
    wanted += wanting.size();
    missed += wanting.size();
    for (const auto& [region, count] : copies) {
      if (!wanting.contains(region)) {
        unwanted += count;
      } else if (count > 0) {
        --missed;
        entered += count;
        repeated += count - 1;
      }
    }
  }
};

}  // namespace phyllo::sim
