#include "regions/muster.h"

#include <algorithm>
#include <utility>

namespace phyllo::regions {

using overlay::Contact;

namespace {

/// While nobody of a region is known, so many brokers anywhere are asked at a time.
constexpr int kStrangers = 3;

}  // namespace

void Muster::begin(Time now, const TopicId& topic, const EnclosureRef& enclosure) {
  std::set<std::string> regions = seats_.electorate(now, enclosure);
  if (regions.empty()) return;
  if (gathered_ <= now) gathered_ = now + state_.config.retry / 8;
  asked_.insert_or_assign(topic, Asked{enclosure, std::move(regions)});
  deadlines_.set(topic, gathered_);
}

bool Muster::answered(const TopicId& topic, const std::string& region) {
  const auto found = asked_.find(topic);
  if (found == asked_.end()) return false;
  found->second.silent.erase(region);
  if (!found->second.silent.empty()) return false;
  end(topic);
  return true;
}

void Muster::end(const TopicId& topic) {
  deadlines_.cancel(topic);
  asked_.erase(topic);
  if (asked_.empty()) found_.clear();
}

void Muster::on_sought(Time now, const Contact& from, const Sought& sought) {
  const auto found = found_.find(sought.region);
  if (found == found_.end() || found->second) return;
  if (from.region() == sought.region) {
    found->second = from;
  } else if (!sought.brokers.empty() && sought.brokers.front().region() == sought.region) {
    found->second = sought.brokers.front();
  } else {
    return;
  }
  for (const auto& [topic, asked] : asked_) {
    if (asked.silent.contains(sought.region)) deadlines_.set(topic, now);
  }
}

void Muster::tick(Turn& turn) {
  std::map<std::string, RollCall> calls;
  for (const TopicId& topic : deadlines_.take_due(turn.now())) {
    const Asked& asked = asked_.at(topic);
    deadlines_.set(topic, turn.now() + state_.config.retry);
    for (const std::string& region : asked.silent) {
      RollCall& gathered =
          calls.try_emplace(region, RollCall{state_.self(), region, {}}).first->second;
      gathered.topics.push_back({topic});
      if (asked.enclosure) gathered.topics.back().name = asked.enclosure->topic;
      if (gathered.topics.size() < kMaxCalled) continue;
      call(turn, gathered);
      gathered.topics.clear();
    }
  }
  for (const auto& [region, gathered] : calls) {
    if (!gathered.topics.empty()) call(turn, gathered);
  }
}

void Muster::call(Turn& turn, const RollCall& call) {
  if (const auto somebody = seats_.anybody(call.region)) {
    turn.send(*somebody, call);
    return;
  }
  // Who was named may be gone: the next time others are asked.
  if (const auto named = std::exchange(found_[call.region], std::nullopt)) {
    turn.send(*named, call);
    return;
  }
  for (int i = 0; i < kStrangers; ++i) {
    turn.route(overlay::Key::random(state_.random), Seek{call.region});
  }
}

}  // namespace phyllo::regions
