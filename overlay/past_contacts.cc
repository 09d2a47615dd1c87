#include "overlay/past_contacts.h"

#include <algorithm>

namespace phyllo::overlay {

void PastContacts::add(const Contact& contact, Cause cause, Time now) {
  const auto known = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& entry) {
    return entry.contact.id() == contact.id();
  });
  // A try in vain may end here as well, and must not make it the first to be tried again.
  const int tries = known == entries_.end() ? 0 : known->tries;
  remove(contact.id());
  if (entries_.size() == kLimit) entries_.erase(entries_.begin());
  entries_.push_back({contact, cause, now, now + heal_, heal_, tries});
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

std::optional<Contact> PastContacts::claimed(NodeId id, Time now) {
  for (Entry& entry : entries_) {
    if (entry.contact.id() != id) continue;
    if (entry.cause != Cause::kSilent || now < entry.claims_count_from) return std::nullopt;
    entry.backoff = std::min(entry.backoff * 2, heal_ * 8);
    entry.claims_count_from = now + entry.backoff;
    return entry.contact;
  }
  return std::nullopt;
}

std::optional<Contact> PastContacts::take_next() {
  Entry* next = nullptr;
  for (Entry& entry : entries_) {
    if (entry.cause != Cause::kSilent) continue;
    if (!next || entry.tries <= next->tries) next = &entry;
  }
  if (!next) return std::nullopt;
  ++next->tries;
  return next->contact;
}

}  // namespace phyllo::overlay
