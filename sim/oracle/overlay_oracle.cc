#include "sim/oracle/overlay_oracle.h"

#include <algorithm>
#include <functional>
#include <set>

#include "overlay/key_range.h"

namespace phyllo::sim {
namespace {

using overlay::Contact;
using overlay::Key;
using overlay::NodeId;
using overlay::Uint128;

/// Of a larger ring not every place is looked at.
constexpr std::size_t kSample = 60;

NodeId id_of(const Member& member) { return member.node->self().id(); }

std::string label(const Member& member) {
  return "#" + std::to_string(member.station) + " " + id_of(member).short_hex();
}

Members in_ring_order(Members members) {
  std::sort(members.begin(), members.end(),
            [](const Member& a, const Member& b) { return id_of(a) < id_of(b); });
  return members;
}

std::string listed(const std::vector<Contact>& contacts) {
  std::string text;
  for (const Contact& contact : contacts) {
    text += " " + contact.id().short_hex() + "/" + std::to_string(contact.incarnation());
  }
  return text;
}

void check_side(const Member& member, const std::vector<Contact>& side, std::size_t most,
                const std::function<Uint128(NodeId)>& away, const char* name, Findings& out) {
  if (side.size() > most) out.push_back(label(member) + ": too many on the " + name);
  Uint128 last = 0;
  for (const Contact& leaf : side) {
    if (away(leaf.id()) <= last) {
      out.push_back(label(member) + ": itself, out of order or twice on the " + name + ":" +
                    listed(side));
    }
    last = away(leaf.id());
  }
}

void check_slots(const Member& member, Findings& out) {
  std::set<std::pair<int, int>> taken;
  for (const Contact& entry : member.node->routing_table()) {
    const int row = shared_digits(id_of(member), entry.id());
    if (row == overlay::kDigits || !taken.insert({row, entry.id().digit(row)}).second) {
      out.push_back(label(member) +
                    ": itself or a slot twice in the table: " + entry.id().short_hex());
    }
  }
}

/// The members next to position `at` of `order`, `count` steps away at most, going by `step`.
std::vector<Contact> neighbors(const Members& order, std::size_t at, std::size_t count,
                               std::size_t step) {
  std::vector<Contact> found;
  for (std::size_t i = 1; i <= count; ++i) {
    found.push_back(order[(at + i * step) % order.size()].node->self());
  }
  return found;
}

void expect_side(const Member& member, const std::vector<Contact>& is,
                 const std::vector<Contact>& should_be, const char* name, Findings& out) {
  if (is == should_be) return;
  out.push_back(label(member) + ": " + name + " leaves are" + listed(is) + ", should be" +
                listed(should_be));
}

}  // namespace

Findings check_structures(const Members& members, std::size_t leaf_set_size) {
  Findings out;
  for (const Member& member : members) {
    const NodeId self = id_of(member);
    check_side(
        member, member.node->right_leaves(), leaf_set_size / 2,
        [&](NodeId id) { return clockwise(self, id); }, "right", out);
    check_side(
        member, member.node->left_leaves(), leaf_set_size / 2,
        [&](NodeId id) { return clockwise(id, self); }, "left", out);
    check_slots(member, out);
  }
  return out;
}

Findings check_claims(const Members& members, const std::vector<Key>& keys) {
  Findings out;
  Members active = members;
  std::erase_if(active, [](const Member& member) { return !member.node->active(); });
  for (const Key key : keys) {
    if (active.empty()) break;
    const Member& root = root_among(active, key);
    for (const Member& member : active) {
      if (member.node == root.node || !member.node->is_root(key)) continue;
      out.push_back(label(member) + " claims key " + key.hex() + " of " + label(root));
    }
  }
  return out;
}

Findings check_leaf_sets(const Members& members, std::size_t leaf_set_size) {
  Findings out;
  const Members order = in_ring_order(members);
  if (order.empty()) return out;
  const std::size_t count = std::min(leaf_set_size / 2, order.size() - 1);
  for (std::size_t at = 0; at < order.size(); ++at) {
    const overlay::Node& node = *order[at].node;
    if (!node.active()) {
      out.push_back(label(order[at]) + " is " + to_string(node.state()));
      continue;
    }
    expect_side(order[at], node.right_leaves(), neighbors(order, at, count, 1), "right", out);
    expect_side(order[at], node.left_leaves(), neighbors(order, at, count, order.size() - 1),
                "left", out);
  }
  return out;
}

Findings check_roots(const Members& members, const std::vector<Key>& keys) {
  Findings out;
  for (const Key key : keys) {
    const Member& root = root_among(members, key);
    for (const Member& member : members) {
      const bool claims = member.node->is_root(key);
      const bool last = !member.node->next_hop(key).has_value();
      if (claims == (member.node == root.node) && last == claims) continue;
      out.push_back("key " + key.hex() + " has root " + label(root) + ", but " + label(member) +
                    (claims ? " claims it" : " does not claim it") +
                    (last ? " and sends it nowhere" : " and sends it on"));
    }
  }
  return out;
}

Findings check_tables(const Members& members, double fill) {
  Findings out;
  std::set<NodeId> alive;
  for (const Member& member : members) alive.insert(id_of(member));
  std::size_t slots = 0;
  std::size_t filled = 0;
  for (const Member& member : members) {
    std::set<std::pair<int, int>> wanted;
    for (const NodeId other : alive) {
      const int row = shared_digits(id_of(member), other);
      if (row < overlay::kDigits) wanted.insert({row, other.digit(row)});
    }
    slots += wanted.size();
    for (const Contact& entry : member.node->routing_table()) {
      filled += alive.contains(entry.id());
      if (!alive.contains(entry.id())) {
        out.push_back(label(member) + ": a dead table entry " + entry.id().short_hex());
      }
    }
  }
  if (static_cast<double>(filled) < fill * static_cast<double>(slots)) {
    out.push_back("only " + std::to_string(filled) + " of " + std::to_string(slots) +
                  " table slots are filled");
  }
  return out;
}

std::vector<Key> border_keys(const Members& members, std::size_t places, Random& random) {
  std::vector<Key> keys;
  if (members.empty()) return keys;
  const Members order = in_ring_order(members);
  places = std::min(order.size(), places);
  const std::size_t start = random.below(order.size());
  for (std::size_t i = 0; i < places; ++i) {
    const std::size_t at = (start + i * order.size() / places) % order.size();
    const NodeId one = id_of(order[at]);
    const NodeId next = id_of(order[(at + 1) % order.size()]);
    const Key middle = overlay::border(one, next);
    keys.insert(keys.end(), {Key::at(one), middle, Key(middle.value() + 1)});
  }
  return keys;
}

std::vector<Key> telling_keys(const Members& members, Random& random) {
  std::vector<Key> keys = border_keys(members, kSample, random);
  keys.insert(keys.end(), {Key(0), Key(~Uint128{0})});
  for (int i = 0; i < 10; ++i) keys.push_back(Key::random(random));
  return keys;
}

const Member& root_among(const Members& members, Key key) {
  return *std::min_element(members.begin(), members.end(), [&](const Member& a, const Member& b) {
    return id_of(a) != id_of(b) && closer(key, id_of(a), id_of(b));
  });
}

}  // namespace phyllo::sim
