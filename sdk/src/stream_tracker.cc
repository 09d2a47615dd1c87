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

}  // namespace

StreamTracker::Verdict StreamTracker::deliver(const Deliver& batch) {
  Verdict verdict;
  Place* place = find(batch.stream);
  if (place == nullptr) place = &add(batch.stream, batch.first);
  if (batch.first > place->next) {
    verdict.stream_hole = hole_of(batch.stream, place->next, batch.first - 1);
    ++place->epoch;
  }
  verdict.skip = seen_part(batch.first, batch.count, place->next);
  place->next = std::max(place->next, batch.first + batch.count);
  // A mere repetition says nothing about what came after it.
  if (verdict.skip == batch.count) return verdict;
  verdict.publisher_hole = follow_publisher(batch, *place, verdict);
  return verdict;
}

std::optional<Hole> StreamTracker::follow_publisher(const Deliver& batch, const Place& place,
                                                    Verdict& verdict) {
  const std::uint64_t last = batch.publisher_first + batch.count - 1;
  PublisherMark* mark = publishers_.find(batch.publisher);
  if (mark == nullptr) {
    publishers_.insert(batch.publisher, {last, place.tag, place.epoch});
    return {};
  }
  std::optional<Hole> hole;
  const std::uint64_t next = mark->last + 1;
  verdict.skip = std::max(verdict.skip, seen_part(batch.publisher_first, batch.count, next));
  const bool explained = mark->stream == place.tag && mark->epoch != place.epoch;
  if (batch.publisher_first > next && !explained) {
    hole = Hole{Gap::Scope::kPublisher, batch.stream, batch.publisher, next,
                batch.publisher_first - 1};
  }
  if (last > mark->last) *mark = {last, place.tag, place.epoch};
  return hole;
}

std::optional<Hole> StreamTracker::resume(const Position& position) {
  const bool fresh = places_.empty();
  if (Place* place = find(position.stream)) {
    if (position.next <= place->next) return {};
    ++place->epoch;
    return hole_of(position.stream, std::exchange(place->next, position.next), position.next - 1);
  }
  add(position.stream, position.next);
  // A stream that began while this client was away: what it carried so far was missed.
  if (fresh || position.next == 1) return {};
  return hole_of(position.stream, 1, position.next - 1);
}

Reach StreamTracker::reach(const Position& position) const {
  for (const Place& place : places_) {
    if (place.stream != position.stream) continue;
    return place.next >= position.next ? Reach::kReached : Reach::kBehind;
  }
  return Reach::kUnknown;
}

StreamTracker::Reported StreamTracker::gap(Gap gap) {
  return gap.scope == Gap::Scope::kStream ? stream_gap(std::move(gap))
                                          : publisher_gap(std::move(gap));
}

StreamTracker::Reported StreamTracker::stream_gap(Gap gap) {
  Reported reported;
  Place* place = find(gap.stream);
  if (place == nullptr) place = &add(gap.stream, gap.from);
  if (gap.to < place->next) return reported;
  if (gap.from > place->next) reported.before = hole_of(gap.stream, place->next, gap.from - 1);
  gap.from = std::max(gap.from, place->next);
  place->next = gap.to + 1;
  ++place->epoch;
  reported.gap = std::move(gap);
  return reported;
}

StreamTracker::Reported StreamTracker::publisher_gap(Gap gap) {
  Reported reported;
  PublisherMark* mark = publishers_.find(gap.publisher);
  if (mark == nullptr) {
    // Tag 0 is no stream's: a later hole is never taken for explained.
    publishers_.insert(gap.publisher, {gap.to, 0, 0});
    reported.gap = std::move(gap);
    return reported;
  }
  if (gap.to <= mark->last) return reported;
  const std::uint64_t next = mark->last + 1;
  if (gap.from > next) {
    reported.before = Hole{Gap::Scope::kPublisher, gap.stream, gap.publisher, next, gap.from - 1};
  }
  gap.from = std::max(gap.from, next);
  mark->last = gap.to;
  reported.gap = std::move(gap);
  return reported;
}

StreamTracker::Place* StreamTracker::find(const Stream& stream) {
  const auto found = std::find_if(places_.rbegin(), places_.rend(),
                                  [&](const Place& place) { return place.stream == stream; });
  if (found == places_.rend()) return nullptr;
  std::rotate(found.base() - 1, found.base(), places_.end());
  return &places_.back();
}

StreamTracker::Place& StreamTracker::add(const Stream& stream, std::uint64_t next) {
  if (places_.size() == kStreams) places_.erase(places_.begin());
  places_.push_back({stream, next, ++tags_, 0});
  return places_.back();
}

}  // namespace phyllo::internal
