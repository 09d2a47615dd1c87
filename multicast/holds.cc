#include "multicast/holds.h"

#include <algorithm>

namespace phyllo::multicast {
namespace {

constexpr Duration kMoment = std::chrono::milliseconds(2);
/// So long at once, and then one part of the time in so many.
constexpr Duration kPatience = std::chrono::milliseconds(100);
constexpr int kShare = 2;
/// After so long without any it begins anew.
constexpr Duration kForgotten = std::chrono::seconds(1);

}  // namespace

bool Holds::extend(Time now, const TopicId& topic) {
  Entry& entry = entries_.try_emplace(topic, Entry{now, now}).first->second;
  // Several ask at the same time: one moment serves them all until half of it is over.
  if (entry.until > now + kMoment / 2) return false;
  if (entry.held > kPatience + (now - entry.since) / kShare) return false;
  const Duration more = now + kMoment - std::max(now, entry.until);
  entry.held += more;
  total_ += more;
  entry.until = now + kMoment;
  deadlines_.set(topic, entry.until);
  return true;
}

bool Holds::holds(Time now, const TopicId& topic) const {
  const auto found = entries_.find(topic);
  return found != entries_.end() && found->second.until > now;
}

void Holds::tick(Time now) {
  for (const TopicId& topic : deadlines_.take_due(now)) {
    const Time forgotten = entries_.at(topic).until + kForgotten;
    if (now < forgotten) {
      deadlines_.set(topic, forgotten);
    } else {
      entries_.erase(topic);
    }
  }
}

}  // namespace phyllo::multicast
