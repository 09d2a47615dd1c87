#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "base/stays.h"

namespace phyllo {

/// Numbers of publishers that a broker told a reader will not come, while it is open what became of
/// those before them. A broker judges by its own time, which may have begun after the reader's: of
/// what it leaves out the publisher's next message tells, by its stays. Bounded: of too many the
/// oldest are forgotten, and may be told of again.
class ToldAhead {
 public:
  static constexpr std::size_t kCapacity = 64;

  void tell(std::uint64_t publisher, NumberRange range) {
    if (told_.size() == kCapacity) told_.erase(told_.begin());
    told_.push_back({publisher, range});
  }
  /// What was not told of these.
  std::vector<NumberRange> untold(std::uint64_t publisher, NumberRange range) const {
    std::vector<NumberRange> rest{range};
    for (const Told& told : told_) {
      if (told.publisher != publisher) continue;
      std::vector<NumberRange> less;
      for (const auto& [first, last] : rest) {
        const auto& [from, to] = told.range;
        if (from > first) less.emplace_back(first, std::min(last, from - 1));
        if (to < last) less.emplace_back(std::max(first, to + 1), last);
      }
      rest = std::move(less);
    }
    return rest;
  }
  /// The publisher's numbers are judged up to there.
  void settle(std::uint64_t publisher, std::uint64_t up_to) {
    std::erase_if(told_, [&](const Told& told) {
      return told.publisher == publisher && told.range.second <= up_to;
    });
  }

 private:
  struct Told {
    std::uint64_t publisher;
    NumberRange range;
  };
  std::vector<Told> told_;  ///< oldest first
};

}  // namespace phyllo
