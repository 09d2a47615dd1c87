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
  const auto known = rolls_.find(topic);
  // Who has forgotten the topic does not know its name.
  const bool nameless = registered.withdraws() && !registered.name;
  std::optional<EnclosureRef> enclosure = EnclosureRef();
  if (!nameless) {
    enclosure = agreed(turn, registered);
  } else if (known != rolls_.end()) {
    enclosure = known->second.enclosure();
  }
  if (!enclosure || (*enclosure && !seats_.admits(*enclosure, registered.root.region()))) return;
  if (leaving_) {
    if (const auto next = seats_.successor(topic, *enclosure)) turn.send(*next, registered);
    return;
  }
  if (!seats_.here(topic, *enclosure)) {
    // Who sent it to the ring of all brokers will ask again.
    if (*enclosure) seats_.say(turn, topic, *enclosure, registered);
    return;
  }
  Roll* roll = roll_of(turn, topic, *enclosure, registered.free);
  if (roll == nullptr) {
    ++state_.stats.refused_rolls;
    return;
  }
  if (!roll->enter(turn.now(), registered)) return;
  review(turn, topic, *roll, {registered.root.id()});
  if (roll->empty()) forget(topic);
}

std::optional<EnclosureRef> Rendezvous::agreed(Turn& turn, const TopicId& topic,
                                               const std::optional<TopicName>& name) const {
  EnclosureRef enclosure = name ? seats_.enclosure(turn, *name) : nullptr;
  const auto known = rolls_.find(topic);
  const bool fenced = known != rolls_.end() && known->second.enclosure();
  if ((name.has_value() || fenced) == (enclosure != nullptr)) return enclosure;
  ++state_.stats.fenced_off;
  return std::nullopt;
}

template <class Said>
std::optional<EnclosureRef> Rendezvous::agreed(Turn& turn, const Said& said) const {
  if (!said.name && !seats_.frees(said.free)) return std::nullopt;
  return agreed(turn, said.topic, said.name);
}

void Rendezvous::forget(const TopicId& topic) {
  deadlines_.cancel(topic);
  muster_.end(topic);
  keep_edition(rolls_.at(topic));
  rolls_.erase(topic);
  state_.stats.rolls = rolls_.size();
}

Roll* Rendezvous::roll_of(Turn& turn, const TopicId& topic, const EnclosureRef& enclosure,
                          const std::optional<TopicName>& free, std::optional<Time> settles) {
  const auto found = rolls_.find(topic);
  // Who takes a fenced topic for a free one has no part in it.
  if (found != rolls_.end() && enclosure && !found->second.enclosure()) forget(topic);
  if (rolls_.contains(topic)) return &rolls_.at(topic);
  if (rolls_.size() >= state_.config.rolls) return nullptr;
  settles = std::max(settles, settles_at(turn.now(), topic, enclosure));
  Roll& roll = rolls_.emplace(topic, Roll(settles, editions_, enclosure, free)).first->second;
  // What is on its way is not asked for.
  if (settles && *settles > turn.now() + state_.config.settling) {
    muster_.begin(turn.now(), topic, enclosure);
  }
  state_.stats.rolls = rolls_.size();
  return &roll;
}

std::optional<Time> Rendezvous::settles_at(Time now, const TopicId& topic,
                                           const EnclosureRef& enclosure) const {
  const overlay::Contact& self = state_.self();
  const overlay::Key key = enclosure ? topic.key() : state_.ring.key(topic);
  Time settled = settled_;
  if (enclosure) settled = std::max(fenced_settled_, seats_.stands_in_until(now, *enclosure));
  for (const auto& [until, dead] : dead_) {
    if (enclosure && dead.region() != self.region()) continue;
    if (overlay::closer(key, dead.id(), self.id())) settled = std::max(settled, until);
  }
  return now < settled ? std::optional(settled) : std::nullopt;
}

void Rendezvous::tell(Turn& turn, const TopicId& topic, const Roll& roll,
                      const Roll::Entry& entry) {
  // Who passed its interest on has forgotten the topic.
  if (entry.passing && !entry.publishes) return;
  turn.send(entry.root, Interest{topic, entry.version, life_, roll.edition(), roll.whole(),
                                 entry.opened, roll.interested(), roll.passed()});
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

void Rendezvous::on_enquire(Turn& turn, const Enquire& enquire) {
  const TopicId& topic = enquire.topic;
  const auto enclosure = agreed(turn, topic, enquire.name);
  if (!enclosure || (*enclosure && !seats_.admits(*enclosure, enquire.asker.region()))) return;
  if (leaving_) {
    if (const auto next = seats_.successor(topic, *enclosure)) turn.send(*next, enquire);
    return;
  }
  if (!seats_.here(topic, *enclosure)) {
    // Who sent it to the ring of all brokers will ask again.
    if (*enclosure) seats_.say(turn, topic, *enclosure, enquire);
    return;
  }
  Audience audience{enquire.number, false, {}};
  const auto found = rolls_.find(topic);
  if (found == rolls_.end()) {
    audience.whole = !settles_at(turn.now(), topic, *enclosure);
    turn.send(enquire.asker, audience);
    return;
  }
  Roll& roll = found->second;
  audience.whole = roll.whole();
  for (const Contact& root : roll.interested()) {
    audience.parties.push_back({root, true, roll.find(root.id())->publishes});
  }
  for (const auto& [id, entry] : roll.entries()) {
    if (audience.parties.size() == kMaxRoots) break;
    if (entry.publishes && entry.subscribers == 0) {
      audience.parties.push_back({entry.root, false, true});
    }
  }
  turn.send(enquire.asker, audience);
}

/// Everybody in it learns who the rendezvous is now.
void Rendezvous::on_book(Turn& turn, const Book& book) {
  const auto enclosure = agreed(turn, book);
  if (!enclosure || (*enclosure && !seats_.admits(*enclosure, state_.self().region()))) return;
  if (leaving_) {
    if (const auto next = seats_.successor(book.topic, *enclosure)) turn.send(*next, book);
    return;
  }
  if (*enclosure && !seats_.here(book.topic, *enclosure)) {
    return seats_.say(turn, book.topic, *enclosure, book);
  }
  std::optional<Time> settles;
  if (!book.settled && book.settles_in > Duration::zero()) settles = turn.now() + book.settles_in;
  Roll* roll = roll_of(turn, book.topic, *enclosure, book.free, settles);
  if (roll == nullptr) return;
  if (settles) roll->doubt(*settles);
  for (const auto& line : book.entries) {
    if (*enclosure && !seats_.admits(*enclosure, line.registered.root.region())) continue;
    if (!roll->enter(turn.now() - line.silent, line.registered)) continue;
    Roll::Entry* entry = roll->find(line.registered.root.id());
    if (entry != nullptr && line.opened == entry->version) entry->opened = line.opened;
  }
  if (book.settled) settle(book.topic, *roll);
  roll->expire(turn.now(), state_.config.lease, state_.config.interest_life);
  review_all(turn, book.topic, *roll);
  if (roll->empty()) forget(book.topic);
}

void Rendezvous::on_present(Turn& turn, const Contact& from, const Present& present) {
  for (const Register& registered : present.registered) {
    if (registered.root.id() != from.id()) continue;
    on_register(turn, registered);
    muster_.answered(registered.topic, from.region());
    settle_mustered(turn);
  }
}

void Rendezvous::settle_mustered(Turn& turn) {
  for (const TopicId& topic : muster_.take_complete()) {
    Roll& roll = rolls_.at(topic);
    settle(topic, roll);
    review_all(turn, topic, roll);
  }
}

void Rendezvous::on_sought(Turn& turn, const Contact& from, const Sought& sought) {
  muster_.on_sought(turn.now(), from, sought);
  settle_mustered(turn);
}

void Rendezvous::settle(const TopicId& topic, Roll& roll) {
  muster_.end(topic);
  roll.settle();
}

/// One that left in good order has passed its rolls on.
void Rendezvous::peer_lost(Turn& turn, const overlay::PeerLost& lost) {
  if (lost.reason == overlay::PeerLost::Reason::kLeft) {
    settled_ = std::max(settled_, turn.now() + state_.config.settling);
    return;
  }
  std::erase_if(dead_, [&](const auto& dead) { return dead.first <= turn.now(); });
  if (dead_.size() == kMaxDead) dead_.pop_front();
  dead_.emplace_back(turn.now() + state_.config.lease, lost.peer);
}

void Rendezvous::leaf_set_changed(Turn& turn) {
  if (state_.ring.all_others()) muster_.joined(turn.now());
  if (leaving_) return;
  if (rolls_.empty() && settled_ == Time{}) settled_ = turn.now() + state_.config.settling;
  fenced_settled_ = turn.now() + state_.config.settling;
  pass_on_others(turn);
}

void Rendezvous::joined(Time now) {
  settled_ = std::max(settled_, now + state_.config.settling);
  muster_.returned();
  if (state_.ring.all_others()) muster_.joined(now);
}

void Rendezvous::pass_on_others(Turn& turn) {
  if (leaving_) return;
  std::erase_if(rolls_, [&](const auto& line) {
    if (seats_.here(line.first, line.second.enclosure())) return false;
    pass_on(turn, line.first, line.second);
    keep_edition(line.second);
    deadlines_.cancel(line.first);
    muster_.end(line.first);
    return true;
  });
  state_.stats.rolls = rolls_.size();
}

void Rendezvous::pass_on(Turn& turn, const TopicId& topic, const Roll& roll) {
  const EnclosureRef& enclosure = roll.enclosure();
  Book book{topic, roll.whole(), {}};
  if (enclosure) book.name = enclosure->topic;
  book.free = roll.free();
  if (!roll.whole()) book.settles_in = std::max(Duration::zero(), *roll.settles() - turn.now());
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
    if (const auto next = seats_.successor(topic, enclosure)) turn.send(*next, book);
  } else {
    seats_.say(turn, topic, enclosure, book);
  }
}

void Rendezvous::leave(Turn& turn) {
  leaving_ = true;
  for (const auto& [topic, roll] : rolls_) pass_on(turn, topic, roll);
  for (const auto& [topic, roll] : rolls_) muster_.end(topic);
  rolls_.clear();
  deadlines_ = {};
  state_.stats.rolls = 0;
}

void Rendezvous::tick(Turn& turn) {
  muster_.tick(turn);
  settle_mustered(turn);
  for (const TopicId& topic : deadlines_.take_due(turn.now())) {
    const auto found = rolls_.find(topic);
    if (found == rolls_.end()) continue;
    Roll& roll = found->second;
    roll.expire(turn.now(), state_.config.lease, state_.config.interest_life);
    // From its time on the list is whole: who waited for that hears it.
    const bool settled = roll.settles() && *roll.settles() <= turn.now();
    if (settled) settle(topic, roll);
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
