#include "overlay/routing_table.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>

#include "tests/overlay/samples.h"

namespace phyllo::overlay {
namespace {

RC_GTEST_PROP(RoutingTable, keeps_one_node_for_each_row_and_digit, ()) {
  const NodeId owner = any_id();
  RoutingTable table(owner);
  std::map<std::pair<int, int>, NodeId> model;
  for (int i = *rc::gen::inRange(0, 40); i > 0; --i) {
    const NodeId id = any_id();
    if (id == owner) continue;
    const auto slot = std::pair(shared_digits(owner, id), id.digit(shared_digits(owner, id)));
    if (*rc::gen::inRange(0, 4) > 0) {
      table.put(contact_of(id));
      model[slot] = id;
    } else {
      const bool there = model.contains(slot) && model[slot] == id;
      RC_ASSERT(table.remove(id) == there);
      if (there) model.erase(slot);
    }
  }
  RC_ASSERT(table.size() == model.size());
  std::vector<NodeId> expected;
  for (const auto& [slot, id] : model) expected.push_back(id);
  std::vector<NodeId> found;
  for (const Contact& entry : table.entries()) found.push_back(entry.id());
  RC_ASSERT(found == expected);
  RC_ASSERT(table.rows() == (model.empty() ? 0 : model.rbegin()->first.first + 1));
  for (const auto& [slot, id] : model) {
    RC_ASSERT(table.find(id)->id() == id);
    RC_ASSERT(table.occupant(id)->id() == id);
  }
}

RC_GTEST_PROP(RoutingTable, offers_for_a_key_only_a_node_that_shares_one_digit_more, ()) {
  const NodeId owner = any_id();
  RoutingTable table(owner);
  for (int i = 0; i < 20; ++i) {
    const NodeId id = any_id();
    if (id != owner) table.put(contact_of(id));
  }
  const Key key = any_key();
  const Contact* next = table.next_for(key);
  if (next) RC_ASSERT(shared_digits(next->id(), key) > shared_digits(owner, key));
}

TEST(RoutingTable, has_no_entry_for_its_owners_own_position) {
  RoutingTable table(at(0x12));
  table.put(contact_at(0x34));
  EXPECT_EQ(table.next_for(Key::at(at(0x12))), nullptr);
}

/// It aborts there.
TEST(UnlikeWendy, removing_somebody_who_is_not_there_changes_nothing) {
  RoutingTable table(at(0x12));
  EXPECT_FALSE(table.remove(at(0x34)));
  table.put(contact_at(0x34));
  EXPECT_FALSE(table.remove(at(0x35)));  // same slot, somebody else
  EXPECT_EQ(table.size(), 1u);
}

}  // namespace
}  // namespace phyllo::overlay
