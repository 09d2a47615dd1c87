#include "overlay/past_contacts.h"

#include <algorithm>

namespace phyllo::overlay {

void PastContacts::add(const Contact& contact, Cause cause, Time now) {
  remove(contact.id());
  if (entries_.size() == kLimit) entries_.erase(entries_.begin());
  const Time retry = cause == Cause::kLeft ? kNever : now + heal_;
  entries_.push_back({contact, cause, now, retry, heal_});
}

bool PastContacts::remove(NodeId id) {
  return std::erase_if(entries_, [&](const Entry& e) { return e.contact.id() == id; }) > 0;
}

const Contact* PastContacts::find(NodeId id) const {
  for (const Entry& entry : entries_) {
    if (entry.contact.id() == id) return &entry.contact;
  }
  return nullptr;
}

std::vector<Departed> PastContacts::silent_since(Time since) const {
  std::vector<Departed> silent;
  for (auto entry = entries_.rbegin(); entry != entries_.rend(); ++entry) {
    if (entry->cause == Cause::kSilent && entry->gone > since) {
      silent.push_back({entry->contact.id(), entry->contact.incarnation()});
    }
  }
  return silent;
}

std::optional<Contact> PastContacts::take_due(Time now) {
  const auto first =
      std::min_element(entries_.begin(), entries_.end(),
                       [](const Entry& a, const Entry& b) { return a.retry < b.retry; });
  if (first == entries_.end() || first->retry > now) return std::nullopt;
  first->backoff = std::min(first->backoff * 2, heal_ * 8);
  first->retry = now + first->backoff;
  return first->contact;
}

Time PastContacts::next_due() const {
  Time due = kNever;
  for (const Entry& entry : entries_) due = std::min(due, entry.retry);
  return due;
}

}  // namespace phyllo::overlay
