#include "overlay/acquaintances.h"

#include <algorithm>

namespace phyllo::overlay {

void Acquaintances::add(const Contact& contact) {
  std::erase_if(contacts_, [&](const Contact& known) { return known.id() == contact.id(); });
  if (contacts_.size() == kLimit) contacts_.erase(contacts_.begin());
  contacts_.push_back(contact);
}

}  // namespace phyllo::overlay
