#pragma once

#include <optional>

#include "multicast/topic_id.h"
#include "overlay/node.h"

namespace phyllo::regions {

/// What the borders know of the ring of all brokers: who is the rendezvous of a topic.
class GlobalRing {
 public:
  virtual ~GlobalRing() = default;
  virtual const overlay::Contact& self() const = 0;
  /// What is routed to this key arrives at the topic's rendezvous.
  virtual overlay::Key key(const multicast::TopicId& topic) const { return topic.key(); }
  virtual bool rendezvous_here(const multicast::TopicId& topic) const = 0;
  /// Who will be the rendezvous when this node has left; nullopt when it is alone.
  virtual std::optional<overlay::Contact> successor(const multicast::TopicId& topic) const = 0;
};

/// The ring as its overlay node sees it, which must outlive this: the node closest to the topic's
/// key is the rendezvous.
class NodeRing final : public GlobalRing {
 public:
  explicit NodeRing(const overlay::Node& node) : node_(node) {}
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

 private:
  const overlay::Node& node_;
};

}  // namespace phyllo::regions
