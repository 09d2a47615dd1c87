#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "base/time.h"

namespace phyllo {

/// A publisher's messages `first` to `last` were taken by this stream, whose number was `number`
/// then, and the last of them was published so long ago, or longer.
template <class Stream>
struct Stay {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  Stream stream = {};  ///< Stream(): more than one, not told apart
  std::uint64_t number = 0;
  Duration ago = {};
  bool operator==(const Stay&) const = default;
};

/// How many of them go with a batch.
inline constexpr std::size_t kMaxStays = 4;

/// In order of the publisher's numbers; where both speak of a message, the later one does. Of too
/// many the oldest become one.
template <class Stream>
std::vector<Stay<Stream>> overlaid(const std::vector<Stay<Stream>>& earlier,
                                   const std::vector<Stay<Stream>>& later) {
  std::vector<Stay<Stream>> all = later;
  for (Stay<Stream> rest : earlier) {
    for (const Stay<Stream>& over : later) {
      if (over.last < rest.first || over.first > rest.last) continue;
      if (over.first > rest.first) {
        all.push_back(rest);
        all.back().last = over.first - 1;
      }
      rest.first = over.last + 1;
    }
    if (rest.first <= rest.last) all.push_back(rest);
  }
  std::ranges::sort(all, {}, &Stay<Stream>::first);
  while (all.size() > kMaxStays) {
    all[1] = {all[0].first, all[1].last, Stream{}, 0, std::min(all[0].ago, all[1].ago)};
    all.erase(all.begin());
  }
  return all;
}

/// Who publishes, or passes publications on, notes where they went: it outlives every root that
/// took some, and says so with each batch. A subscriber that finds a hole in a publisher's numbers,
/// or hears of the publisher for the first time, can then tell what it missed from what it was told
/// of and from what was before its time.
template <class Stream, class Instant>
class Stays {
 public:
  /// Who has not heard a publisher for this long has forgotten it anyway.
  static constexpr Duration kLifetime = std::chrono::minutes(10);

  /// The root of this stream has these; earlier ones were noted before.
  void taken(Instant now, std::uint64_t first, std::uint64_t last, const Stream& stream,
             std::uint64_t number) {
    first = std::max(first, up_to_ + 1);
    const bool goes_on = !kept_.empty() && kept_.back().stay.stream == stream;
    if (goes_on) kept_.back().stay.number = std::max(kept_.back().stay.number, number);
    if (last < first) return;
    const bool adjoins = goes_on && first == up_to_ + 1;
    up_to_ = last;
    if (adjoins) {
      kept_.back().stay.last = last;
      kept_.back().when = now;
      return;
    }
    std::erase_if(kept_, [&](const Kept& kept) { return now - kept.when > kLifetime; });
    kept_.push_back({{first, last, stream, number, {}}, now});
    if (kept_.size() > kMaxStays) merge_oldest();
  }
  /// The root of this stream has everything up to `up_to`.
  void acknowledged(Instant now, std::uint64_t up_to, const Stream& stream, std::uint64_t number) {
    taken(now, up_to_ + 1, up_to, stream, number);
  }

  /// Oldest first, as of now.
  std::vector<Stay<Stream>> as_of(Instant now) const {
    std::vector<Stay<Stream>> stays;
    for (const Kept& kept : kept_) {
      if (now - kept.when > kLifetime) continue;
      stays.push_back(kept.stay);
      stays.back().ago = now - kept.when;
    }
    return stays;
  }

 private:
  struct Kept {
    Stay<Stream> stay;
    Instant when;
  };
  void merge_oldest() {
    kept_[1].stay = {kept_[0].stay.first, kept_[1].stay.last, Stream{}, 0, {}};
    kept_.erase(kept_.begin());
  }

  std::vector<Kept> kept_;
  std::uint64_t up_to_ = 0;  ///< noted so far
};

/// Whether a reader that began in `first`, so long ago, was not there yet when the stay ended. Of a
/// stream that it does not know; in doubt it was there.
template <class Stream>
bool was_before(const Stay<Stream>& stay, const Stream& first, Duration listening) {
  if (stay.stream.root == first.root && stay.stream.incarnation == first.incarnation) {
    // One root counts its streams upward; far apart are two lives with the same incarnation.
    constexpr std::int32_t kOneLife = 1 << 20;
    const auto later = static_cast<std::int32_t>(stay.stream.generation - first.generation);
    if (later > -kOneLife && later < 0) return true;
    if (later > 0 && later < kOneLife) return false;
  }
  return stay.ago >= listening;
}

/// A publisher's messages, `first` to `last`.
using NumberRange = std::pair<std::uint64_t, std::uint64_t>;

/// What a reader makes of holes in a publisher's numbers. Each message of them is in one list, or
/// in none when the numbers of the stream that took it have told of it.
struct Absence {
  std::vector<NumberRange> lost;
  std::vector<NumberRange> unplaced;  ///< no stay speaks of them: they went where this batch went
  std::uint64_t count_unplaced() const {
    std::uint64_t count = 0;
    for (const auto& [first, last] : unplaced) count += last - first + 1;
    return count;
  }
};

/// `untold(stay)`: how many of the latest messages of that stay the reader may have missed without
/// a word of it from the stream's own numbers.
inline constexpr std::uint64_t kAllUntold = std::numeric_limits<std::uint64_t>::max();
template <class Stream, class Untold>
Absence absence(const std::vector<NumberRange>& holes, const std::vector<Stay<Stream>>& stays,
                const Untold& untold) {
  Absence result;
  for (const NumberRange& hole : holes) {
    std::uint64_t next = hole.first;
    for (const Stay<Stream>& stay : stays) {
      const std::uint64_t first = std::max(stay.first, next);
      const std::uint64_t last = std::min(stay.last, hole.second);
      if (first > last) continue;
      if (first > next) result.unplaced.emplace_back(next, first - 1);
      const std::uint64_t count = std::min(untold(stay), stay.last - stay.first + 1);
      const std::uint64_t from = std::max(first, stay.last - count + 1);
      if (from <= last) result.lost.emplace_back(from, last);
      next = last + 1;
    }
    if (next <= hole.second) result.unplaced.emplace_back(next, hole.second);
  }
  return result;
}

}  // namespace phyllo
