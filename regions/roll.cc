#include "regions/roll.h"

#include <algorithm>
#include <utility>

namespace phyllo::regions {
namespace {

constexpr std::size_t kKeptPassed = 8;

}  // namespace

bool Roll::enter(Time heard, const Register& registered) {
  const overlay::NodeId id = registered.root.id();
  Entry* known = find(id);
  if (known != nullptr && multicast::same_life(known->version, registered.version) &&
      registered.version < known->version) {
    return false;
  }
  if (known == nullptr && entries_.size() == kMaxRoots) return false;
  if (known == nullptr) {
    known = &entries_.emplace(id, Entry{.root = registered.root, .heard = heard, .began = heard})
                 .first->second;
  }
  if (!multicast::same_life(known->version, registered.version)) known->taken = 0;
  const bool speaks = known->subscribers > 0 && !known->passing;
  // What it has passed on is no longer its own to end.
  const bool forgot = known->passing && registered.subscribers == 0;
  if (!speaks && registered.subscribers > 0 && !registered.passing) known->order = ++arrivals_;
  known->root = registered.root;
  known->version = registered.version;
  known->publishes = registered.publishes;
  if (!forgot) {
    known->subscribers = registered.subscribers;
    known->passing = registered.passing;
    known->heard = std::max(known->heard, heard);
  }
  note_passed(registered);
  if (known->subscribers == 0 && speaks) {
    void_older(registered.root, Time(known->began));
  } else if (known->subscribers > 0 && !known->passing) {
    void_passing(registered.root);
  }
  erase_idle();
  revise();
  return true;
}

void Roll::note_passed(const Register& registered) {
  if (registered.passing || registered.subscribers > 0) std::erase(passed_, registered.root.id());
  if (!registered.passing) return;
  if (passed_.size() == kKeptPassed) passed_.pop_front();
  passed_.push_back(registered.root.id());
}

void Roll::void_passing(const overlay::Contact& root) {
  for (auto& [id, other] : entries_) {
    if (other.passing && other.root.region() == root.region()) other.disown();
  }
  erase_idle();
}

void Roll::void_older(const overlay::Contact& root, Time began) {
  for (auto& [id, other] : entries_) {
    if (other.heard < began && other.root.region() == root.region()) other.disown();
  }
  erase_idle();
}

void Roll::erase_idle() {
  std::erase_if(entries_, [](const auto& line) {
    return line.second.subscribers == 0 && !line.second.publishes;
  });
}

Roll::Entry* Roll::find(overlay::NodeId root) {
  const auto found = entries_.find(root);
  return found == entries_.end() ? nullptr : &found->second;
}

void Roll::taken(overlay::NodeId root, Edition edition) {
  if (Entry* entry = find(root)) {
    entry->taken = std::max(entry->taken, std::min(edition, edition_));
  }
}

void Roll::expire(Time now, Duration lease, Duration life) {
  // Who is silent speaks for no region in which somebody else does.
  std::map<std::string, Time> latest;
  for (const auto& [id, entry] : entries_) {
    if (entry.subscribers == 0 || entry.passing) continue;
    Time& heard = latest[entry.root.region()];
    heard = std::max(heard, entry.heard);
  }
  for (auto& [id, entry] : entries_) {
    const bool silent = now >= entry.heard + lease;
    if (silent && entry.subscribers > 0 && entry.heard < latest[entry.root.region()]) {
      entry.disown();
    }
  }
  for (auto at = entries_.begin(); at != entries_.end();) {
    Entry& entry = at->second;
    if (entry.publishes && now >= entry.heard + lease) {
      entry.publishes = false;
      entry.version = entry.opened = 0;
    }
    if (entry.passing && now >= entry.heard + lease) entry.disown();
    const bool gone = now >= entry.heard + life || (!entry.publishes && entry.subscribers == 0);
    at = gone ? entries_.erase(at) : std::next(at);
  }
  revise();
}

Time Roll::next_expiry(Duration lease, Duration life) const {
  Time next = kNever;
  for (const auto& [id, entry] : entries_) {
    next = std::min(next, entry.heard + (entry.publishes || entry.passing ? lease : life));
  }
  return next;
}

std::vector<overlay::Contact> Roll::interested() const {
  std::map<std::string, const Entry*> latest;
  for (const auto& [id, entry] : entries_) {
    if (entry.subscribers == 0) continue;
    const Entry*& chosen = latest[entry.root.region()];
    const auto rank = [](const Entry& one) { return std::pair(!one.passing, one.order); };
    if (chosen == nullptr || rank(*chosen) < rank(entry)) chosen = &entry;
  }
  std::vector<overlay::Contact> list;
  for (const auto& [region, entry] : latest) list.push_back(entry->root);
  return list;
}

/// A change of the list is a new edition.
void Roll::revise() {
  std::vector<overlay::Contact> list = interested();
  if (list != list_) {
    list_ = std::move(list);
    ++edition_;
  }
  for (auto& [id, entry] : entries_) {
    if (entry.subscribers == 0) entry.listed = 0;
    if (entry.subscribers > 0 && entry.listed == 0) entry.listed = edition_;
  }
}

std::vector<overlay::NodeId> Roll::open_up() {
  std::vector<overlay::NodeId> opened;
  for (auto& [id, entry] : entries_) {
    if (entry.subscribers == 0 || entry.passing || entry.opened == entry.version) continue;
    const bool known = std::ranges::all_of(entries_, [&](const auto& other) {
      return !other.second.publishes || other.first == id || other.second.taken >= entry.listed;
    });
    if (!known) continue;
    entry.opened = entry.version;
    opened.push_back(id);
  }
  return opened;
}

std::vector<overlay::NodeId> Roll::behind() const {
  std::vector<overlay::NodeId> behind;
  for (const auto& [id, entry] : entries_) {
    if (entry.publishes && entry.taken < edition_) behind.push_back(id);
  }
  return behind;
}

}  // namespace phyllo::regions
