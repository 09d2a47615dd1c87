#include "overlay/acquaintances.h"

#include <algorithm>

namespace phyllo::overlay {

void Acquaintances::add(const Contact& contact) {
  std::erase_if(contacts_, [&](const Contact& known) { return known.id() == contact.id(); });
  if (contacts_.size() == kLimit) contacts_.erase(contacts_.begin());
  contacts_.push_back(contact);
}

void Acquaintances::hear_of(const Contact& contact) {
  if (contacts_.size() >= kHearsay) return;
  const bool known =
      std::ranges::any_of(contacts_, [&](const Contact& one) { return one.id() == contact.id(); });
  if (!known) contacts_.insert(contacts_.begin(), contact);
}

}  // namespace phyllo::overlay
