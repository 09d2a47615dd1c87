#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "overlay/contact.h"

namespace phyllo::overlay {

/// Row r holds nodes that share exactly r leading digits with the owner, at most one for each next
/// digit. Rows take memory only once they hold something.
class RoutingTable {
 public:
  explicit RoutingTable(NodeId owner) : owner_(owner) {}

  /// The row in which `id` would stand. `id` is not the owner's.
  int row_of(NodeId id) const { return shared_digits(owner_, id); }
  /// Who stands where `id` would; nullptr when nobody does.
  const Contact* occupant(NodeId id) const;
  /// The entry that shares one digit more with `key` than the owner does; nullptr without one.
  const Contact* next_for(Key key) const;
  /// nullptr when `id` has no entry.
  const Contact* find(NodeId id) const;

  /// Takes its slot, whoever stood there.
  void put(const Contact& contact);
  bool remove(NodeId id);

  /// Rows down to the last one with an entry.
  int rows() const { return static_cast<int>(rows_.size()); }
  /// By digit; empty for a row that does not exist.
  const std::vector<Contact>& row(int row) const;
  /// Row by row.
  std::vector<Contact> entries() const;
  std::size_t size() const { return size_; }

 private:
  NodeId owner_;
  std::vector<std::vector<Contact>> rows_;
  std::size_t size_ = 0;
};

}  // namespace phyllo::overlay
