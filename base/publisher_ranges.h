#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "base/stays.h"

namespace phyllo {

/// Ranges of publishers' numbers that somebody has to remember for a while. Bounded: of too many
/// the oldest are forgotten.
class PublisherRanges {
 public:
  static constexpr std::size_t kCapacity = 64;

  void add(std::uint64_t publisher, NumberRange range) {
    entries_.push_back({publisher, range});
    forget_oldest();
  }
  /// What of the range is in none of the publisher's.
  std::vector<NumberRange> outside(std::uint64_t publisher, NumberRange range) const {
    std::vector<NumberRange> rest{range};
    for (const Entry& entry : entries_) {
      if (entry.publisher != publisher) continue;
      std::vector<NumberRange> less;
      for (const NumberRange& part : rest) cut(part, entry.range, less);
      rest = std::move(less);
    }
    return rest;
  }
  /// The first number of the range that is in one of the publisher's.
  std::optional<std::uint64_t> first_inside(std::uint64_t publisher, NumberRange range) const {
    std::optional<std::uint64_t> first;
    for (const Entry& entry : entries_) {
      if (entry.publisher != publisher || entry.range.first > range.second) continue;
      if (entry.range.second < range.first) continue;
      const std::uint64_t here = std::max(entry.range.first, range.first);
      first = std::min(first.value_or(here), here);
    }
    return first;
  }
  void remove(std::uint64_t publisher, NumberRange range) {
    std::vector<Entry> rest;
    for (const Entry& entry : entries_) {
      std::vector<NumberRange> parts{entry.range};
      if (entry.publisher == publisher) {
        parts.clear();
        cut(entry.range, range, parts);
      }
      for (const NumberRange& part : parts) rest.push_back({entry.publisher, part});
    }
    entries_ = std::move(rest);
    forget_oldest();
  }

 private:
  struct Entry {
    std::uint64_t publisher;
    NumberRange range;
  };
  /// A range of which a part is removed may become two.
  void forget_oldest() {
    if (entries_.size() <= kCapacity) return;
    const auto excess = static_cast<std::ptrdiff_t>(entries_.size() - kCapacity);
    entries_.erase(entries_.begin(), entries_.begin() + excess);
  }
  /// Appends what of `part` is not in `range`.
  static void cut(NumberRange part, NumberRange range, std::vector<NumberRange>& rest) {
    const auto [first, last] = part;
    const auto [from, to] = range;
    if (from > first) rest.emplace_back(first, std::min(last, from - 1));
    if (to < last) rest.emplace_back(std::max(first, to + 1), last);
  }

  std::vector<Entry> entries_;  ///< oldest first
};

}  // namespace phyllo
