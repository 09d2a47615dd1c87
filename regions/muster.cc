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

void Muster::answered(const TopicId& topic, const std::string& region) {
  const auto found = asked_.find(topic);
  if (found == asked_.end()) return;
  found->second.silent.erase(region);
  if (!found->second.silent.empty()) return;
  end(topic);
  complete_.push_back(topic);
}

void Muster::end(const TopicId& topic) {
  deadlines_.cancel(topic);
  asked_.erase(topic);
  if (asked_.empty()) searches_.clear();
}

void Muster::on_sought(Time now, const Contact& from, const Sought& sought) {
  const auto found = searches_.find(sought.region);
  if (found == searches_.end()) return;
  Search& search = found->second;
  const bool one_of_them = from.region() == sought.region;
  if (sought.brokers.empty() && !one_of_them) {
    search.in_vain.insert(from.id());
    if (deserted(now, sought.region)) give_up(sought.region);
    return;
  }
  search.in_vain.erase(from.id());
  if (search.named) return;
  const Contact& named = one_of_them ? from : sought.brokers.front();
  if (named.region() != sought.region) return;
  search.named = named;
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
    if (deserted(turn.now(), region)) {
      give_up(region);
    } else if (!gathered.topics.empty()) {
      call(turn, gathered);
    }
  }
}

/// A newcomer does not know who was lost before, and nobody may be left who does.
bool Muster::deserted(Time now, const std::string& region) {
  if (region == state_.self().region() || !state_.deserted(now, region)) return false;
  if (joined_ > now - state_.config.lease) return false;
  const auto others = state_.ring.all_others();
  const std::set<overlay::NodeId>& in_vain = searches_[region].in_vain;
  return others && std::ranges::all_of(
                       *others, [&](const Contact& other) { return in_vain.contains(other.id()); });
}

void Muster::give_up(const std::string& region) {
  std::vector<TopicId> topics;
  for (const auto& [topic, asked] : asked_) {
    if (asked.silent.contains(region)) topics.push_back(topic);
  }
  for (const TopicId& topic : topics) answered(topic, region);
}

void Muster::call(Turn& turn, const RollCall& call) {
  if (const auto somebody = seats_.anybody(call.region)) {
    turn.send(*somebody, call);
    return;
  }
  // Who was named may be gone: the next time others are asked.
  if (const auto named = std::exchange(searches_[call.region].named, std::nullopt)) {
    turn.send(*named, call);
    return;
  }
  if (const auto others = state_.ring.all_others()) {
    for (const Contact& other : *others) turn.send(other, Seek{call.region});
    return;
  }
  for (int i = 0; i < kStrangers; ++i) {
    turn.route(overlay::Key::random(state_.random), Seek{call.region});
  }
}

}  // namespace phyllo::regions
