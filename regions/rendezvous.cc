#include "regions/rendezvous.h"

#include <algorithm>

namespace phyllo::regions {

using overlay::Contact;
using overlay::NodeId;

namespace {

constexpr std::size_t kMaxDead = 256;

}  // namespace

void Rendezvous::on_register(Turn& turn, const Register& registered) {
  const TopicId& topic = registered.topic;
  if (leaving_) {
    if (const auto next = state_.ring.successor(topic)) turn.send(*next, registered);
    return;
  }
  if (!state_.ring.rendezvous_here(topic)) return;  // it will ask again
  Roll* roll = roll_of(turn, topic);
  if (roll == nullptr) {
    ++state_.stats.refused_rolls;
    return;
  }
  if (!roll->enter(turn.now(), registered)) return;
  review(turn, topic, *roll, {registered.root.id()});
  if (roll->empty()) forget(topic);
}

void Rendezvous::forget(const TopicId& topic) {
  deadlines_.cancel(topic);
  keep_edition(rolls_.at(topic));
  rolls_.erase(topic);
  state_.stats.rolls = rolls_.size();
}

Roll* Rendezvous::roll_of(Turn& turn, const TopicId& topic) {
  const auto found = rolls_.find(topic);
  if (found != rolls_.end()) return &found->second;
  if (rolls_.size() >= state_.config.rolls) return nullptr;
  Roll& roll = rolls_.emplace(topic, Roll(settles(turn.now(), topic), editions_)).first->second;
  state_.stats.rolls = rolls_.size();
  return &roll;
}

std::optional<Time> Rendezvous::settles(Time now, const TopicId& topic) const {
  Time settled = settled_;
  for (const auto& [until, id] : dead_) {
    if (overlay::closer(state_.ring.key(topic), id, state_.self().id())) {
      settled = std::max(settled, until);
    }
  }
  return now < settled ? std::optional(settled) : std::nullopt;
}

void Rendezvous::tell(Turn& turn, const TopicId& topic, const Roll& roll,
                      const Roll::Entry& entry) {
  // Who passed its interest on has forgotten the topic.
  if (entry.passing && !entry.publishes) return;
  turn.send(entry.root, Interest{topic, entry.version, life_, roll.edition(), roll.whole(),
                                 entry.opened, roll.interested()});
}

void Rendezvous::review(Turn& turn, const TopicId& topic, Roll& roll, std::set<NodeId> asked) {
  for (const NodeId& id : roll.behind()) asked.insert(id);
  if (roll.whole()) {
    for (const NodeId& id : roll.open_up()) asked.insert(id);
  }
  for (const NodeId& id : asked) {
    if (const Roll::Entry* entry = roll.find(id)) tell(turn, topic, roll, *entry);
  }
  Time next = roll.next_expiry(state_.config.lease, state_.config.interest_life);
  if (roll.settles()) next = std::min(next, *roll.settles());
  if (!roll.behind().empty()) next = std::min(next, turn.now() + state_.back_off(0));
  deadlines_.set(topic, next);
}

void Rendezvous::review_all(Turn& turn, const TopicId& topic, Roll& roll) {
  std::set<NodeId> all;
  for (const auto& [id, entry] : roll.entries()) all.insert(id);
  review(turn, topic, roll, std::move(all));
}

void Rendezvous::on_refresh(Turn& turn, const Contact& from, const Refresh& refresh) {
  Refreshed answer{refresh.number, {}};
  for (const auto& line : refresh.entries) {
    const auto found = rolls_.find(line.topic);
    if (found == rolls_.end() || leaving_) continue;
    Roll& roll = found->second;
    const Edition before = roll.edition();
    roll.expire(turn.now(), state_.config.lease, state_.config.interest_life);
    if (roll.edition() != before) review(turn, line.topic, roll);
    const Roll::Entry* entry = roll.find(from.id());
    if (entry == nullptr || entry->version != line.version) continue;
    roll.heard(turn.now(), from.id());
    answer.topics.push_back(line.topic);
  }
  turn.send(from, answer);
}

void Rendezvous::on_taken(Turn& turn, const Contact& from, const InterestTaken& taken) {
  const auto found = rolls_.find(taken.topic);
  if (found == rolls_.end() || taken.life != life_) return;
  Roll& roll = found->second;
  roll.taken(from.id(), taken.edition);
  if (!roll.whole()) return;
  for (const NodeId& id : roll.open_up()) tell(turn, taken.topic, roll, *roll.find(id));
}

/// Everybody in it learns who the rendezvous is now.
void Rendezvous::on_book(Turn& turn, const Book& book) {
  if (leaving_) {
    if (const auto next = state_.ring.successor(book.topic)) turn.send(*next, book);
    return;
  }
  Roll* roll = roll_of(turn, book.topic);
  if (roll == nullptr) return;
  for (const auto& line : book.entries) {
    if (!roll->enter(turn.now() - line.silent, line.registered)) continue;
    Roll::Entry* entry = roll->find(line.registered.root.id());
    if (entry != nullptr && line.opened == entry->version) entry->opened = line.opened;
  }
  if (book.settled) roll->settle();
  roll->expire(turn.now(), state_.config.lease, state_.config.interest_life);
  review_all(turn, book.topic, *roll);
  if (roll->empty()) forget(book.topic);
}

/// One that left in good order has passed its rolls on.
void Rendezvous::peer_lost(Turn& turn, const overlay::PeerLost& lost) {
  if (lost.reason == overlay::PeerLost::Reason::kLeft) {
    settled_ = std::max(settled_, turn.now() + state_.config.settling);
    return;
  }
  std::erase_if(dead_, [&](const auto& dead) { return dead.first <= turn.now(); });
  if (dead_.size() == kMaxDead) dead_.pop_front();
  dead_.emplace_back(turn.now() + state_.config.lease, lost.peer.id());
}

void Rendezvous::leaf_set_changed(Turn& turn) {
  if (leaving_) return;
  if (rolls_.empty() && settled_ == Time{}) settled_ = turn.now() + state_.config.settling;
  std::erase_if(rolls_, [&](const auto& line) {
    if (state_.ring.rendezvous_here(line.first)) return false;
    pass_on(turn, line.first, line.second);
    keep_edition(line.second);
    deadlines_.cancel(line.first);
    return true;
  });
  state_.stats.rolls = rolls_.size();
}

void Rendezvous::pass_on(Turn& turn, const TopicId& topic, const Roll& roll) {
  Book book{topic, roll.whole(), {}};
  for (const auto& [id, entry] : roll.entries()) {
    book.entries.push_back(
        {{topic, entry.root, entry.version, entry.subscribers, entry.publishes, entry.passing},
         entry.opened,
         turn.now() - entry.heard});
  }
  // In the order in which they came.
  std::ranges::sort(book.entries, {}, [&](const Book::Entry& line) {
    return roll.entries().at(line.registered.root.id()).order;
  });
  if (leaving_) {
    if (const auto next = state_.ring.successor(topic)) turn.send(*next, book);
  } else {
    turn.route(state_.ring.key(topic), book);
  }
}

void Rendezvous::leave(Turn& turn) {
  leaving_ = true;
  for (const auto& [topic, roll] : rolls_) pass_on(turn, topic, roll);
  rolls_.clear();
  deadlines_ = {};
  state_.stats.rolls = 0;
}

void Rendezvous::tick(Turn& turn) {
  for (const TopicId& topic : deadlines_.take_due(turn.now())) {
    const auto found = rolls_.find(topic);
    if (found == rolls_.end()) continue;
    Roll& roll = found->second;
    roll.expire(turn.now(), state_.config.lease, state_.config.interest_life);
    // From its time on the list is whole: who waited for that hears it.
    const bool settled = roll.settles() && *roll.settles() <= turn.now();
    if (settled) roll.settle();
    if (roll.empty()) {
      forget(topic);
    } else if (settled) {
      review_all(turn, topic, roll);
    } else {
      review(turn, topic, roll);
    }
  }
}

}  // namespace phyllo::regions
