#include "multicast/publisher_log.h"

#include <algorithm>

namespace phyllo::multicast {
namespace {

std::uint32_t overlap(Sequence last, Sequence first, std::uint32_t count) {
  if (last < first) return 0;
  return static_cast<std::uint32_t>(std::min<Sequence>(last - first + 1, count));
}

}  // namespace

PublisherLog::Entry PublisherLog::note(Time now, PublisherId publisher, Sequence first,
                                       std::uint32_t count, const Mark& mark) {
  forget(now);
  const Sequence last = first + count - 1;
  const auto found = known_.find(publisher);
  if (found == known_.end()) {
    if (order_.size() == kCapacity) {
      known_.erase(order_.front().publisher);
      order_.pop_front();
    }
    known_[publisher] = order_.insert(order_.end(), {publisher, last, mark, now});
    return {false, 0, {}, mark, now};
  }
  Known& entry = *found->second;
  Entry result{true, overlap(entry.last, first, count), {}, entry.mark, entry.heard};
  if (first > entry.last + 1) result.missing = {entry.last + 1, first - 1};
  entry.last = std::max(entry.last, last);
  entry.mark = mark;
  entry.heard = now;
  order_.splice(order_.end(), order_, found->second);
  return result;
}

std::uint32_t PublisherLog::seen(PublisherId publisher, Sequence first, std::uint32_t count) const {
  const auto found = known_.find(publisher);
  return found == known_.end() ? 0 : overlap(found->second->last, first, count);
}

void PublisherLog::forget(Time now) {
  while (!order_.empty() && now - order_.front().heard > kIdle) {
    known_.erase(order_.front().publisher);
    order_.pop_front();
  }
}

}  // namespace phyllo::multicast
