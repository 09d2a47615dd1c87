#include "sdk/src/stream_tracker.h"

#include <algorithm>
#include <utility>

namespace phyllo::internal {
namespace {

/// How many of `count` numbers from `first` on lie below `next`.
std::uint32_t seen_part(std::uint64_t first, std::uint32_t count, std::uint64_t next) {
  if (first >= next) return 0;
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(count, next - first));
}

Hole hole_of(const Stream& stream, std::uint64_t first, std::uint64_t last) {
  return Hole{Gap::Scope::kStream, stream, 0, first, last};
}

void append(std::vector<Hole>& holes, const Deliver& batch,
            const std::vector<NumberRange>& ranges) {
  for (const auto& [first, last] : ranges) {
    holes.push_back({Gap::Scope::kPublisher, batch.stream, batch.publisher, first, last});
  }
}

}  // namespace

StreamTracker::Verdict StreamTracker::deliver(Instant now, const Deliver& batch) {
  Verdict verdict;
  Place* place = find(batch.stream);
  if (place == nullptr) place = &add(batch.stream, batch.first);
  verdict.skip = seen_part(batch.first, batch.count, place->next);
  place->next = std::max(place->next, batch.first + batch.count);
  // A mere repetition says nothing about what came after it.
  if (verdict.skip < batch.count) follow_publisher(now, batch, *place, verdict);
  return verdict;
}

void StreamTracker::live(Instant now) {
  if (!since_) since_ = now;
}

void StreamTracker::follow_publisher(Instant now, const Deliver& batch, const Place& place,
                                     Verdict& verdict) {
  const std::uint64_t last = batch.publisher_first + batch.count - 1;
  // What the stream told of, or brought, before.
  const std::uint64_t first = batch.publisher_first + verdict.skip;
  PublisherMark* mark = publishers_.find(batch.publisher);
  const std::uint64_t next = mark == nullptr ? 1 : mark->last + 1;
  std::vector<NumberRange> missing;
  if (first > next) missing = told_.outside(batch.publisher, {next, first - 1});
  told_.remove(batch.publisher, {0, last});
  if (mark == nullptr) {
    publishers_.insert(batch.publisher, {last, place.tag, place.lost});
    return find_holes_of_stranger(now, missing, batch, verdict.holes);
  }
  verdict.skip = std::max(verdict.skip, seen_part(batch.publisher_first, batch.count, next));
  find_holes(missing, *mark, batch, place, verdict.holes);
  if (last > mark->last) *mark = {last, place.tag, place.lost};
}

void StreamTracker::find_holes(const std::vector<NumberRange>& missing, const PublisherMark& mark,
                               const Deliver& batch, const Place& place,
                               std::vector<Hole>& holes) const {
  const Absence absent = absence(missing, batch.stays, [&](const Stay<Stream>& stay) {
    return untold(stay).value_or(kAllUntold);
  });
  append(holes, batch, absent.lost);
  const std::uint64_t before = mark.stream == place.tag ? mark.lost : 0;
  if (absent.count_unplaced() > place.lost - before) append(holes, batch, absent.unplaced);
}

void StreamTracker::find_holes_of_stranger(Instant now, const std::vector<NumberRange>& missing,
                                           const Deliver& batch, std::vector<Hole>& holes) const {
  if (!since_) return;
  const Absence absent = absence(missing, batch.stays, [&](const Stay<Stream>& stay) {
    return untold(stay).value_or(was_before(stay, first_stream_, now - *since_) ? 0 : kAllUntold);
  });
  append(holes, batch, absent.lost);
}

/// Of messages that went to a stream this subscription read: so many were not told of. Nullopt: it
/// never read that one.
std::optional<std::uint64_t> StreamTracker::untold(const Stay<Stream>& stay) const {
  for (const Place& place : places_) {
    if (place.stream != stay.stream) continue;
    return stay.number < place.next ? 0 : stay.number - place.next + 1;
  }
  return std::nullopt;
}

std::optional<Hole> StreamTracker::resume(const Position& position) {
  const bool fresh = places_.empty();
  if (Place* place = find(position.stream)) {
    if (position.next <= place->next) return {};
    place->lost += position.next - place->next;
    return hole_of(position.stream, std::exchange(place->next, position.next), position.next - 1);
  }
  Place& added = add(position.stream, position.next);
  // A stream that began while this client was away: what it carried so far was missed.
  if (fresh || position.next == 1) return {};
  added.lost = position.next - 1;
  return hole_of(position.stream, 1, position.next - 1);
}

Reach StreamTracker::reach(const Position& position) const {
  for (const Place& place : places_) {
    if (place.stream != position.stream) continue;
    return place.next >= position.next ? Reach::kReached : Reach::kBehind;
  }
  return Reach::kUnknown;
}

std::optional<Gap> StreamTracker::gap(Gap gap) {
  return gap.scope == Gap::Scope::kStream ? stream_gap(std::move(gap))
                                          : publisher_gap(std::move(gap));
}

std::optional<Gap> StreamTracker::stream_gap(Gap gap) {
  Place* place = find(gap.stream);
  if (place == nullptr) place = &add(gap.stream, gap.from);
  if (gap.to < place->next) return std::nullopt;
  gap.from = std::max(gap.from, place->next);
  place->lost += gap.count();
  place->next = gap.to + 1;
  return gap;
}

std::optional<Gap> StreamTracker::publisher_gap(Gap gap) {
  PublisherMark* mark = publishers_.find(gap.publisher);
  const std::uint64_t next = mark == nullptr ? 1 : mark->last + 1;
  if (gap.to < next) return std::nullopt;
  gap.from = std::max(gap.from, next);
  const auto rest = told_.outside(gap.publisher, {gap.from, gap.to});
  if (rest.empty()) return std::nullopt;
  if (gap.from > next) {
    gap.from = rest.front().first;
    gap.to = rest.back().second;
    told_.add(gap.publisher, {gap.from, gap.to});
  } else if (mark != nullptr) {
    mark->last = gap.to;
  } else {
    // Tag 0 is no stream's: a later hole is never taken for explained.
    publishers_.insert(gap.publisher, {gap.to, 0, 0});
  }
  return gap;
}

StreamTracker::Place* StreamTracker::find(const Stream& stream) {
  const auto found = std::find_if(places_.rbegin(), places_.rend(),
                                  [&](const Place& place) { return place.stream == stream; });
  if (found == places_.rend()) return nullptr;
  std::rotate(found.base() - 1, found.base(), places_.end());
  return &places_.back();
}

StreamTracker::Place& StreamTracker::add(const Stream& stream, std::uint64_t next) {
  if (tags_ == 0) first_stream_ = stream;
  if (places_.size() == kStreams) places_.erase(places_.begin());
  places_.push_back({stream, next, ++tags_, 0});
  return places_.back();
}

}  // namespace phyllo::internal
