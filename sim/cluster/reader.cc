#include "sim/cluster/reader.h"

#include <algorithm>
#include <utility>

#include "multicast/tracker.h"

namespace phyllo::sim {

using multicast::Gap;
using multicast::Sequence;
using multicast::Stay;
using multicast::StreamBatch;

Reader::Reader(Time since, const multicast::StreamPosition& position)
    : since_(since), first_stream_(position.stream), places_{{position}} {}

Reader::Place& Reader::place(const multicast::StreamId& stream, Sequence if_new) {
  const auto found = std::ranges::find_if(
      places_, [&](const Place& place) { return place.next.stream == stream; });
  if (found == places_.end()) {
    places_.push_back({{stream, if_new}, 0});
  } else {
    std::rotate(found, found + 1, places_.end());
  }
  return places_.back();
}

Reader::Reading Reader::read(Time now, const StreamBatch& batch) {
  Reading reading;
  Place& here = place(batch.stream, batch.first);
  const Sequence end = batch.first + batch.batch.count;
  if (end <= here.next.next) return reading;
  Sequence skip = std::max(here.next.next, batch.first) - batch.first;
  here.next.next = end;
  const auto known = heard_.find(batch.batch.publisher);
  judge(now, batch, batch.batch.publisher_first + skip,
        known == heard_.end() ? nullptr : &known->second, reading.missed);
  Heard& heard = heard_[batch.batch.publisher];
  const Sequence first = batch.batch.publisher_first;
  if (heard.last >= first) skip = std::max(skip, heard.last - first + 1);
  auto rest = without_first(
      batch.batch, static_cast<std::uint32_t>(std::min<Sequence>(skip, batch.batch.count)));
  if (!rest) return reading;
  heard = {first + batch.batch.count - 1, batch.stream, here.lost};
  told_.remove(batch.batch.publisher, {0, heard.last});
  reading.fresh = StreamBatch{batch.stream, batch.first + skip, *std::move(rest)};
  return reading;
}

void Reader::judge(Time now, const StreamBatch& batch, Sequence until, const Heard* heard,
                   std::vector<Gap>& missed) const {
  const Sequence from = heard == nullptr ? 1 : heard->last + 1;
  if (from >= until) return;
  const auto missing = told_.outside(batch.batch.publisher, {from, until - 1});
  const Absence absent = absence(missing, batch.batch.stays, [&](const Stay& stay) {
    const bool before = heard == nullptr && was_before(stay, first_stream_, now - since_);
    return untold(stay).value_or(before ? 0 : kAllUntold);
  });
  const auto tell = [&](const std::vector<NumberRange>& ranges) {
    for (const auto& [first, last] : ranges) {
      Gap gap;
      gap.stream = batch.stream;
      gap.publisher = batch.batch.publisher;
      gap.first = first;
      gap.last = last;
      missed.push_back(std::move(gap));
    }
  };
  tell(absent.lost);
  if (heard == nullptr) return;
  const std::uint64_t before = heard->stream == batch.stream ? heard->lost : 0;
  if (absent.count_unplaced() > places_.back().lost - before) tell(absent.unplaced);
}

std::optional<std::uint64_t> Reader::untold(const Stay& stay) const {
  for (const Place& place : places_) {
    if (place.next.stream != stay.stream) continue;
    return stay.number < place.next.next ? 0 : stay.number - place.next.next + 1;
  }
  return std::nullopt;
}

std::optional<Gap> Reader::read(const Gap& gap) {
  Gap rest = gap;
  if (gap.publisher == 0) {
    Place& here = place(gap.stream, gap.first);
    if (gap.last < here.next.next) return std::nullopt;
    rest.first = std::max(gap.first, here.next.next);
    here.lost += gap.last + 1 - rest.first;
    here.next.next = gap.last + 1;
  } else {
    const auto heard = heard_.find(gap.publisher);
    const Sequence next = heard == heard_.end() ? 1 : heard->second.last + 1;
    if (gap.last < next) return std::nullopt;
    rest.first = std::max(gap.first, next);
    const auto untold = told_.outside(gap.publisher, {rest.first, rest.last});
    if (untold.empty()) return std::nullopt;
    if (rest.first == next) {
      heard_[gap.publisher].last = gap.last;
    } else {
      rest.first = untold.front().first;
      rest.last = untold.back().second;
      told_.add(gap.publisher, {rest.first, rest.last});
    }
  }
  return rest;
}

}  // namespace phyllo::sim
