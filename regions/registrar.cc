#include "regions/registrar.h"

#include <utility>

namespace phyllo::regions {

using overlay::Contact;
using overlay::NodeId;

Registrar::Desk& Registrar::desk_of(Turn& turn, const TopicId& topic,
                                    const std::optional<TopicName>& name) {
  const auto [desk, added] = desks_.try_emplace(topic);
  if (!added || !name) return desk->second;
  desk->second.enclosure = seats_.enclosure(turn, *name);
  if (!desk->second.enclosure) desk->second.free = name;
  return desk->second;
}

void Registrar::set_subscribers(Turn& turn, const TopicId& topic, std::uint64_t subscribers,
                                const std::optional<TopicName>& name) {
  if (subscribers == 0 && !desks_.contains(topic)) return;
  Desk& desk = desk_of(turn, topic, name);
  const bool wanted = desk.subscribers > 0 && !std::exchange(desk.passing, false);
  desk.subscribers = subscribers;
  const Change change = wanted == (subscribers > 0) ? Change::kNone : Change::kInterest;
  if (change == Change::kNone && desk.opened) turn.emit(Open{topic});
  update(turn, topic, desk, change);
}

void Registrar::pass_on(Turn& turn, const TopicId& topic) {
  const auto found = desks_.find(topic);
  if (found == desks_.end() || found->second.subscribers == 0 || found->second.passing) return;
  found->second.passing = true;
  update(turn, topic, found->second, Change::kInterest);
}

void Registrar::set_publishing(Turn& turn, const TopicId& topic, Publishing publishing,
                               const std::optional<TopicName>& name) {
  if (publishing == Publishing::kNo && !desks_.contains(topic)) return;
  Desk& desk = desk_of(turn, topic, name);
  const bool changed = std::exchange(desk.publishing, publishing) != publishing;
  update(turn, topic, desk, changed ? Change::kOther : Change::kNone);
}

void Registrar::update(Turn& turn, const TopicId& topic, Desk& desk, Change change) {
  if (change == Change::kNone) return;
  if (change == Change::kInterest) desk.opened = false;
  if (desk.publishing == Publishing::kNo) desk.lease = Time{};
  desk.version = state_.next_attempt();
  begin(turn, topic, desk);
  if (!desk.idle()) return;
  deadlines_.cancel(topic);
  desks_.erase(topic);
  state_.stats.registrations = desks_.size();
}

void Registrar::begin(Turn& turn, const TopicId& topic, Desk& desk) {
  desk.answered = false;
  desk.asked = 0;
  desk.failures = 0;
  desk.sent = turn.now();
  state_.stats.registrations = desks_.size();
  if (next_refresh_ == kNever) {
    next_refresh_ = turn.now() + state_.random.around(state_.config.refresh, 0.25);
  }
  send(turn, topic, desk);
}

void Registrar::send(Turn& turn, const TopicId& topic, Desk& desk) {
  desk.life = state_.self().incarnation();
  seats_.say(turn, topic, desk.enclosure, word(topic), desk.failures);
  deadlines_.set(topic, turn.now() + state_.back_off(desk.failures));
}

Register Registrar::word(const TopicId& topic) const {
  const auto found = desks_.find(topic);
  if (found == desks_.end()) {
    return {topic, state_.self(), state_.next_attempt(), 0, false, false};
  }
  const Desk& desk = found->second;
  Register said{topic,
                state_.self(),
                desk.version,
                desk.subscribers,
                desk.publishing == Publishing::kYes,
                desk.passing};
  if (desk.enclosure) said.name = desk.enclosure->topic;
  said.free = desk.free;
  return said;
}

void Registrar::renew(Turn& turn, const TopicId& topic) {
  const auto found = desks_.find(topic);
  if (found == desks_.end()) return;
  found->second.lease = Time{};
  found->second.version = state_.next_attempt();
  begin(turn, topic, found->second);
}

Time Registrar::lease(const TopicId& topic) const {
  const auto found = desks_.find(topic);
  return found == desks_.end() ? Time{} : found->second.lease;
}

EnclosureRef Registrar::enclosure(const TopicId& topic) const {
  const auto found = desks_.find(topic);
  return found == desks_.end() ? nullptr : found->second.enclosure;
}

Registrar::Standing Registrar::on_interest(Turn& turn, const Contact& from,
                                           const Interest& interest) {
  const auto found = desks_.find(interest.topic);
  if (found == desks_.end()) {
    repeat_withdrawal(turn, interest.topic, from);
    return Standing::kStranger;
  }
  Desk& desk = found->second;
  const bool current = interest.version == desk.version;
  if (current) {
    if (!std::exchange(desk.answered, true) && desk.publishing == Publishing::kYes) {
      desk.lease = std::max(desk.lease, desk.sent + state_.config.lease);
    }
    desk.rendezvous = from;
    desk.failures = 0;
    deadlines_.cancel(interest.topic);
    const bool complete = desk.subscribers > 0 && !desk.passing && interest.opened == desk.version;
    if (complete && !std::exchange(desk.opened, true)) turn.emit(Open{interest.topic});
  }
  if (desk.publishing == Publishing::kNo) return Standing::kStranger;
  return current ? Standing::kCurrent : Standing::kStale;
}

/// Goes back to the asker, for it is inside if the topic is fenced, which is forgotten here.
void Registrar::repeat_withdrawal(Turn& turn, const TopicId& topic, const Contact& asker) {
  if (desks_.contains(topic)) return;
  turn.send(asker, word(topic));
}

bool Registrar::forward_withdrawal(Turn& turn, const Register& withdrawal) {
  const auto found = desks_.find(withdrawal.topic);
  if (found == desks_.end()) return false;
  const EnclosureRef& enclosure = found->second.enclosure;
  Register named = withdrawal;
  if (enclosure) named.name = enclosure->topic;
  seats_.say(turn, withdrawal.topic, enclosure, named);
  return true;
}

/// One message for each rendezvous. What has no answer by the next time is registered anew.
void Registrar::refresh(Turn& turn) {
  rounds_.clear();
  std::map<NodeId, std::pair<Contact, Refresh>> refreshes;
  const auto close = [&](std::pair<Contact, Refresh>& entry) {
    auto& [to, refresh] = entry;
    refresh.number = ++refreshes_;
    Round& round = rounds_[refresh.number];
    round.sent = turn.now();
    for (const auto& line : refresh.entries) {
      desks_.at(line.topic).asked = refresh.number;
      round.topics.push_back(line.topic);
    }
    turn.send(to, refresh);
    refresh.entries.clear();
  };
  for (auto& [topic, desk] : desks_) {
    if (!desk.answered) continue;
    // The word that it is open may have been lost.
    const bool closed = desk.subscribers > 0 && !desk.passing && !desk.opened;
    const bool risen = desk.life != state_.self().incarnation();
    if (risen) desk.version = state_.next_attempt();
    if (desk.asked != 0 || closed || risen) {
      begin(turn, topic, desk);
      continue;
    }
    const NodeId id = desk.rendezvous->id();
    auto& entry = refreshes.try_emplace(id, *desk.rendezvous, Refresh{}).first->second;
    entry.second.entries.push_back({topic, desk.version});
    if (entry.second.entries.size() == kMaxRefreshed) close(entry);
  }
  for (auto& [id, entry] : refreshes) {
    if (!entry.second.entries.empty()) close(entry);
  }
}

void Registrar::on_refreshed(Turn& turn, const Contact& from, const Refreshed& refreshed) {
  const auto found = rounds_.find(refreshed.number);
  if (found == rounds_.end()) return;
  const Round round = std::move(found->second);
  rounds_.erase(found);
  const auto asked = [&](const TopicId& topic) -> Desk* {
    const auto desk = desks_.find(topic);
    if (desk == desks_.end() || desk->second.asked != refreshed.number) return nullptr;
    return desk->second.rendezvous->id() == from.id() ? &desk->second : nullptr;
  };
  for (const TopicId& topic : refreshed.topics) {
    Desk* desk = asked(topic);
    if (desk == nullptr) continue;
    desk->asked = 0;
    if (desk->publishing == Publishing::kYes) {
      desk->lease = std::max(desk->lease, round.sent + state_.config.lease);
    }
  }
  for (const TopicId& topic : round.topics) {
    if (Desk* desk = asked(topic)) begin(turn, topic, *desk);
  }
}

void Registrar::peer_lost(Turn& turn, NodeId peer) {
  for (auto& [topic, desk] : desks_) {
    if (desk.answered && desk.rendezvous->id() == peer) begin(turn, topic, desk);
  }
}

void Registrar::regions_changed(Turn& turn) {
  for (auto& [topic, desk] : desks_) {
    if (desk.enclosure && !desk.answered) begin(turn, topic, desk);
  }
}

void Registrar::tick(Turn& turn) {
  for (const TopicId& topic : deadlines_.take_due(turn.now())) {
    Desk& desk = desks_.at(topic);
    ++desk.failures;
    send(turn, topic, desk);
  }
  if (turn.now() < next_refresh_) return;
  next_refresh_ =
      desks_.empty() ? kNever : turn.now() + state_.random.around(state_.config.refresh, 0.25);
  refresh(turn);
}

}  // namespace phyllo::regions
