#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "multicast/topic_id.h"
#include "overlay/node.h"

namespace phyllo::regions {

/// What the borders know of the ring of all brokers, who is the rendezvous of a topic there, and of
/// the ring of their own region, in which the rendezvous of a fenced topic is.
class GlobalRing {
 public:
  virtual ~GlobalRing() = default;
  virtual const overlay::Contact& self() const = 0;
  /// What is routed to this key arrives at the topic's rendezvous.
  virtual overlay::Key key(const multicast::TopicId& topic) const { return topic.key(); }
  virtual bool rendezvous_here(const multicast::TopicId& topic) const = 0;
  /// Who will be the rendezvous when this node has left; nullopt when it is alone.
  virtual std::optional<overlay::Contact> successor(const multicast::TopicId& topic) const = 0;
  /// Members of another region that this node has met, in the order of ids; some may be gone.
  virtual std::vector<overlay::Contact> met(const std::string& region) const = 0;
  /// All other members of the ring of all brokers; nullopt when there are too many to know.
  virtual std::optional<std::vector<overlay::Contact>> all_others() const = 0;
  /// Whether this node is the root of the key in the ring of its region.
  virtual bool home_root(overlay::Key key) const = 0;
  /// Whose id is closest to the key, of the others of the region that this node knows.
  virtual std::optional<overlay::Contact> closest_at_home(overlay::Key key) const = 0;
};

/// The rings as their overlay nodes see them, which must outlive this: the node closest to the
/// topic's key is the rendezvous.
class NodeRing final : public GlobalRing {
 public:
  NodeRing(const overlay::Node& global, const overlay::Node& home) : node_(global), home_(home) {}
  const overlay::Contact& self() const override { return node_.self(); }
  bool rendezvous_here(const multicast::TopicId& topic) const override {
    return node_.is_root(key(topic));
  }
  std::optional<overlay::Contact> successor(const multicast::TopicId& topic) const override {
    for (const auto& next : node_.replica_set(key(topic), 2)) {
      if (next.id() != self().id()) return next;
    }
    return std::nullopt;
  }
  std::vector<overlay::Contact> met(const std::string& region) const override {
    std::vector<overlay::Contact> met = node_.members_met();
    std::erase_if(met, [&](const auto& one) { return one.region() != region; });
    std::ranges::sort(met, {}, [](const auto& one) { return one.id(); });
    return met;
  }
  /// Who stands on both sides of a node closes the circle.
  std::optional<std::vector<overlay::Contact>> all_others() const override {
    std::vector<overlay::Contact> others = node_.left_leaves();
    bool closed = others.empty();
    for (const auto& right : node_.right_leaves()) {
      const bool both = std::ranges::count(others, right) > 0;
      closed = closed || both;
      if (!both) others.push_back(right);
    }
    return closed && node_.active() ? std::optional(std::move(others)) : std::nullopt;
  }
  bool home_root(overlay::Key key) const override { return home_.is_root(key); }
  std::optional<overlay::Contact> closest_at_home(overlay::Key key) const override {
    std::vector<overlay::Contact> known = home_.routing_table();
    for (const auto& leaf : home_.replica_set(key, 2)) known.push_back(leaf);
    std::erase_if(known, [&](const auto& one) { return one.id() == self().id(); });
    const auto nearer = [&](const auto& a, const auto& b) {
      return overlay::closer(key, a.id(), b.id());
    };
    const auto closest = std::ranges::min_element(known, nearer);
    return closest == known.end() ? std::nullopt : std::optional(*closest);
  }

 private:
  const overlay::Node& node_;
  const overlay::Node& home_;
};

}  // namespace phyllo::regions
