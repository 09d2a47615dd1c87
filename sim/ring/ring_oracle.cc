#include "sim/ring/ring_oracle.h"

#include <algorithm>
#include <map>
#include <set>

#include "overlay/key_range.h"
#include "sim/network/message_text.h"

namespace phyllo::sim {
namespace {

using overlay::Contact;
using overlay::Key;
using overlay::NodeId;
using overlay::Uint128;

/// Of a larger ring not every place is looked at.
constexpr std::size_t kSample = 60;

std::string label(const Ring& ring, StationId member) {
  return "#" + std::to_string(member) + " " + ring.id(member).short_hex();
}

std::vector<StationId> in_ring_order(const Ring& ring, std::vector<StationId> members) {
  std::sort(members.begin(), members.end(),
            [&](StationId a, StationId b) { return ring.id(a) < ring.id(b); });
  return members;
}

std::string listed(const std::vector<Contact>& contacts) {
  std::string text;
  for (const Contact& contact : contacts) {
    text += " " + contact.id().short_hex() + "/" + std::to_string(contact.incarnation());
  }
  return text;
}

void check_side(const Ring& ring, StationId member, const std::vector<Contact>& side,
                const std::function<Uint128(NodeId)>& away, const char* name, Findings& out) {
  if (side.size() > ring.config().leaf_set_size / 2) {
    out.push_back(label(ring, member) + ": too many on the " + name);
  }
  Uint128 last = 0;
  for (const Contact& leaf : side) {
    if (away(leaf.id()) <= last) {
      out.push_back(label(ring, member) + ": itself, out of order or twice on the " + name + ":" +
                    listed(side));
    }
    last = away(leaf.id());
  }
}

void check_slots(const Ring& ring, StationId member, Findings& out) {
  std::set<std::pair<int, int>> taken;
  for (const Contact& entry : ring.node(member).routing_table()) {
    const int row = shared_digits(ring.id(member), entry.id());
    if (row == overlay::kDigits || !taken.insert({row, entry.id().digit(row)}).second) {
      out.push_back(label(ring, member) +
                    ": itself or a slot twice in the table: " + entry.id().short_hex());
    }
  }
}

/// The members next to position `at` of `order`, `count` steps away at most, going by `step`.
std::vector<Contact> neighbors(const Ring& ring, const std::vector<StationId>& order,
                               std::size_t at, std::size_t count, std::size_t step) {
  std::vector<Contact> found;
  for (std::size_t i = 1; i <= count; ++i) {
    found.push_back(ring.node(order[(at + i * step) % order.size()]).self());
  }
  return found;
}

}  // namespace

Findings check_structures(const Ring& ring) {
  Findings out;
  for (const StationId member : ring.running()) {
    const NodeId self = ring.id(member);
    check_side(
        ring, member, ring.node(member).right_leaves(),
        [&](NodeId id) { return clockwise(self, id); }, "right", out);
    check_side(
        ring, member, ring.node(member).left_leaves(),
        [&](NodeId id) { return clockwise(id, self); }, "left", out);
    check_slots(ring, member, out);
  }
  return out;
}

Findings check_leaf_sets(const Ring& ring, const std::vector<StationId>& members) {
  Findings out;
  const std::vector<StationId> order = in_ring_order(ring, members);
  const std::size_t count = std::min(ring.config().leaf_set_size / 2, order.size() - 1);
  for (std::size_t at = 0; at < order.size(); ++at) {
    const overlay::Node& node = ring.node(order[at]);
    if (!node.active()) {
      out.push_back(label(ring, order[at]) + " is " + to_string(node.state()));
      continue;
    }
    const auto right = neighbors(ring, order, at, count, 1);
    const auto left = neighbors(ring, order, at, count, order.size() - 1);
    if (node.right_leaves() != right) {
      out.push_back(label(ring, order[at]) + ": right leaves are" + listed(node.right_leaves()) +
                    ", should be" + listed(right));
    }
    if (node.left_leaves() != left) {
      out.push_back(label(ring, order[at]) + ": left leaves are" + listed(node.left_leaves()) +
                    ", should be" + listed(left));
    }
  }
  return out;
}

Findings check_roots(const Ring& ring, const std::vector<StationId>& members,
                     const std::vector<Key>& keys) {
  Findings out;
  for (const Key key : keys) {
    const StationId root = root_among(ring, members, key);
    for (const StationId member : members) {
      const bool claims = ring.node(member).is_root(key);
      const bool last = !ring.node(member).next_hop(key).has_value();
      if (claims == (member == root) && last == claims) continue;
      out.push_back("key " + key.hex() + " has root " + label(ring, root) + ", but " +
                    label(ring, member) + (claims ? " claims it" : " does not claim it") +
                    (last ? " and sends it nowhere" : " and sends it on"));
    }
  }
  return out;
}

Findings check_tables(const Ring& ring, const std::vector<StationId>& members, double fill) {
  Findings out;
  std::set<NodeId> alive;
  for (const StationId member : members) alive.insert(ring.id(member));
  std::size_t slots = 0;
  std::size_t filled = 0;
  for (const StationId member : members) {
    std::set<std::pair<int, int>> wanted;
    for (const NodeId other : alive) {
      const int row = shared_digits(ring.id(member), other);
      if (row < overlay::kDigits) wanted.insert({row, other.digit(row)});
    }
    slots += wanted.size();
    for (const Contact& entry : ring.node(member).routing_table()) {
      filled += alive.contains(entry.id());
      if (!alive.contains(entry.id())) {
        out.push_back(label(ring, member) + ": a dead table entry " + entry.id().short_hex());
      }
    }
  }
  if (static_cast<double>(filled) < fill * static_cast<double>(slots)) {
    out.push_back("only " + std::to_string(filled) + " of " + std::to_string(slots) +
                  " table slots are filled");
  }
  return out;
}

std::vector<Key> telling_keys(Ring& ring, const std::vector<StationId>& members) {
  std::vector<Key> keys{Key(0), Key(~Uint128{0})};
  const std::vector<StationId> order = in_ring_order(ring, members);
  const std::size_t some = std::min(order.size(), kSample);
  const std::size_t start = ring.random().below(order.size());
  for (std::size_t i = 0; i < some; ++i) {
    const std::size_t at = (start + i * order.size() / some) % order.size();
    const NodeId one = ring.id(order[at]);
    const NodeId next = ring.id(order[(at + 1) % order.size()]);
    const Key middle = overlay::border(one, next);
    keys.insert(keys.end(), {Key::at(one), middle, Key(middle.value() + 1)});
  }
  for (int i = 0; i < 10; ++i) keys.push_back(ring.random_key());
  return keys;
}

StationId root_among(const Ring& ring, const std::vector<StationId>& members, Key key) {
  return *std::min_element(members.begin(), members.end(), [&](StationId a, StationId b) {
    return ring.id(a) != ring.id(b) && closer(key, ring.id(a), ring.id(b));
  });
}

}  // namespace phyllo::sim
