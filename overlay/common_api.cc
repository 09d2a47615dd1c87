#include "overlay/common_api.h"

#include <algorithm>
#include <utility>

#include "overlay/id.h"

namespace phyllo::overlay {
namespace {

/// Every node the overlay node knows of but itself, once each, in ring order.
std::vector<Contact> known_nodes(const Node& node) {
  std::vector<Contact> known = node.left_leaves();
  for (const auto& more : {node.right_leaves(), node.routing_table()}) {
    known.insert(known.end(), more.begin(), more.end());
  }
  const auto by_id = [](const Contact& a, const Contact& b) { return a.id() < b.id(); };
  std::sort(known.begin(), known.end(), by_id);
  const auto same = [](const Contact& a, const Contact& b) { return a.id() == b.id(); };
  known.erase(std::unique(known.begin(), known.end(), same), known.end());
  return known;
}

/// The stretch of the ring the leaf set shows, counter-clockwise end first, this node in the
/// middle. A ring so small that both sides meet is shown once, starting anywhere.
struct Stretch {
  std::vector<NodeId> ids;
  enum class Shape { kOpen, kClosed } shape;
};

Stretch visible_stretch(const Node& node) {
  Stretch stretch{{}, Stretch::Shape::kOpen};
  const std::vector<Contact> left = node.left_leaves();
  for (auto leaf = left.rbegin(); leaf != left.rend(); ++leaf) stretch.ids.push_back(leaf->id());
  stretch.ids.push_back(node.self().id());
  for (const Contact& leaf : node.right_leaves()) {
    if (std::find(stretch.ids.begin(), stretch.ids.end(), leaf.id()) != stretch.ids.end()) {
      stretch.shape = Stretch::Shape::kClosed;
      break;
    }
    stretch.ids.push_back(leaf.id());
  }
  if (stretch.ids.size() == 1) stretch.shape = Stretch::Shape::kClosed;
  return stretch;
}

}  // namespace

void CommonApi::route(Time now, Key key, AppMessage message, Effects& out,
                      std::optional<Contact> first_hop) {
  if (!node_.active() || (node_.is_root(key) && !first_hop)) {
    node_.send_toward(now, key, std::move(message), out);
    return;
  }
  const Contact& self = node_.self();
  arrived(now, {key, self, self, 0, false, std::move(message), std::move(first_hop)}, out);
}

void CommonApi::send(Time now, const Contact& to, AppMessage message, Effects& out) {
  node_.send_direct(now, to, std::move(message), out);
}

std::vector<Contact> CommonApi::replica_set(Key key, std::size_t k) const {
  return node_.replica_set(key, k);
}

std::optional<Contact> CommonApi::nearest_replica(Key key, std::size_t k,
                                                  const Coordinate& to) const {
  return node_.nearest_replica(key, k, to);
}

std::vector<Contact> CommonApi::local_lookup(Key key, std::size_t k) const {
  const NodeId self = node_.self().id();
  std::vector<Contact> nearer = known_nodes(node_);
  std::erase_if(nearer, [&](const Contact& c) {
    return shared_digits(c.id(), key) < shared_digits(self, key) || !closer(key, c.id(), self);
  });
  const auto better = [&](const Contact& a, const Contact& b) {
    const int digits_a = shared_digits(a.id(), key);
    const int digits_b = shared_digits(b.id(), key);
    return digits_a != digits_b ? digits_a > digits_b : closer(key, a.id(), b.id());
  };
  std::sort(nearer.begin(), nearer.end(), better);
  if (nearer.size() > k)
    nearer.erase(nearer.begin() + static_cast<std::ptrdiff_t>(k), nearer.end());
  return nearer;
}

std::optional<KeyRange> CommonApi::range(NodeId node) const {
  const Stretch stretch = visible_stretch(node_);
  const auto found = std::find(stretch.ids.begin(), stretch.ids.end(), node);
  if (found == stretch.ids.end()) return std::nullopt;
  const auto index = static_cast<std::size_t>(found - stretch.ids.begin());
  const std::size_t size = stretch.ids.size();
  const bool at_edge = index == 0 || index + 1 == size;
  if (at_edge && stretch.shape == Stretch::Shape::kOpen) return std::nullopt;
  return range_between(stretch.ids[(index + size - 1) % size], node,
                       stretch.ids[(index + 1) % size]);
}

void CommonApi::dispatch(Time now, Effects& effects) {
  Effects for_driver;
  // Upcalls append to `effects` while it is walked: by index, and each effect moved out first.
  for (std::size_t i = 0; i < effects.size(); ++i) {
    Effect effect = std::move(effects[i]);
    if (auto* arrival = std::get_if<Arrived>(&effect)) {
      arrived(now, std::move(*arrival), effects);
    } else if (auto* direct = std::get_if<Received>(&effect)) {
      application_.received(now, direct->from, std::move(direct->message), effects);
    } else if (const auto* lost = std::get_if<Undelivered>(&effect)) {
      application_.undelivered(now, *lost, effects);
    } else {
      if (const auto* change = std::get_if<LeafSetChanged>(&effect)) {
        application_.update(now, *change, effects);
      }
      for_driver.push_back(std::move(effect));
    }
  }
  effects = std::move(for_driver);
}

void CommonApi::arrived(Time now, Arrived arrival, Effects& out) {
  if (arrival.at_root) {
    application_.deliver(now, arrival.key, arrival.origin, std::move(arrival.message), out);
    return;
  }
  std::optional<Contact> next = arrival.redirect ? arrival.redirect : node_.next_hop(arrival.key);
  if (next) {
    Passing passing{arrival.key, arrival.origin, arrival.hops, std::move(arrival.message), *next};
    if (application_.forward(now, passing, out) == Verdict::kStop) return;
    arrival.message = std::move(passing.message);
    if (passing.next_hop.id() != next->id()) arrival.redirect = passing.next_hop;
  }
  node_.forward(now, std::move(arrival), out);
}

}  // namespace phyllo::overlay
