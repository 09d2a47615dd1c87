#include "overlay/routing_table.h"

#include <algorithm>

#include "base/check.h"

namespace phyllo::overlay {
namespace {

/// The first entry of `row` whose digit is not below `digit`.
auto slot(std::vector<Contact>& row, int index, int digit) {
  return std::lower_bound(row.begin(), row.end(), digit, [&](const Contact& contact, int value) {
    return contact.id().digit(index) < value;
  });
}

const Contact* entry(const std::vector<Contact>& row, int index, int digit) {
  for (const Contact& contact : row) {
    if (contact.id().digit(index) == digit) return &contact;
  }
  return nullptr;
}

}  // namespace

const Contact* RoutingTable::occupant(NodeId id) const { return next_for(Key::at(id)); }

const Contact* RoutingTable::next_for(Key key) const {
  const int index = shared_digits(owner_, key);
  return index < rows() ? entry(row(index), index, key.digit(index)) : nullptr;
}

const Contact* RoutingTable::find(NodeId id) const {
  const Contact* found = occupant(id);
  return found && found->id() == id ? found : nullptr;
}

void RoutingTable::put(const Contact& contact) {
  PHYLLO_CHECK(contact.id() != owner_);
  const int index = row_of(contact.id());
  if (index >= rows()) rows_.resize(static_cast<std::size_t>(index) + 1);
  auto& row = rows_[static_cast<std::size_t>(index)];
  const int digit = contact.id().digit(index);
  const auto place = slot(row, index, digit);
  if (place != row.end() && place->id().digit(index) == digit) {
    *place = contact;
    return;
  }
  row.insert(place, contact);
  ++size_;
}

bool RoutingTable::remove(NodeId id) {
  if (!find(id)) return false;
  auto& row = rows_[static_cast<std::size_t>(row_of(id))];
  std::erase_if(row, [&](const Contact& contact) { return contact.id() == id; });
  --size_;
  while (!rows_.empty() && rows_.back().empty()) rows_.pop_back();
  return true;
}

const std::vector<Contact>& RoutingTable::row(int row) const {
  static const std::vector<Contact> kEmpty;
  return row >= 0 && row < rows() ? rows_[static_cast<std::size_t>(row)] : kEmpty;
}

std::vector<Contact> RoutingTable::entries() const {
  std::vector<Contact> all;
  all.reserve(size_);
  for (const auto& row : rows_) all.insert(all.end(), row.begin(), row.end());
  return all;
}

}  // namespace phyllo::overlay
