#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "base/time.h"
#include "overlay/effects.h"
#include "overlay/key_range.h"
#include "overlay/node.h"

namespace phyllo::overlay {

/// A routed message at a node on its way, just before it goes on.
struct Passing {
  const Key key;
  const Contact origin;
  const std::uint32_t hops;  ///< links crossed so far
  AppMessage message;        ///< may be changed: the next node sees the change
  Contact next_hop;          ///< may be changed: another node the message is sent to instead
};

/// What `Application::forward` makes of a passing message.
enum class Verdict { kPass, kStop };

/// A program that runs on every node of a ring: the upcalls of Pastry's Common API (Dabek et al.,
/// IPTPS 2003). Called only from inside `CommonApi::dispatch`; each upcall may call the CommonApi
/// and appends to `out`.
class Application {
 public:
  virtual ~Application() = default;

  /// A message leaves this node for its next hop; this includes the node where it originates, and
  /// excludes the root.
  virtual Verdict forward(Time now, Passing& passing, Effects& out) = 0;
  /// This node is the root of `key`.
  virtual void deliver(Time now, Key key, const Contact& origin, AppMessage message,
                       Effects& out) = 0;
  /// `from` sent the message to this very node.
  virtual void received(Time now, const Contact& from, AppMessage message, Effects& out) = 0;
  /// A routed message this node held could not be brought further.
  virtual void undelivered(Time now, const Undelivered& message, Effects& out) = 0;
  /// The leaf set changed: this node may have become the root of keys, or stopped being it.
  virtual void update(Time now, const LeafSetChanged& change, Effects& out) = 0;
};

/// Pastry's Common API over a Node, for programs that embed `phyllo::overlay`. Give every vector of
/// effects that the node filled to `dispatch` before the driver carries it out. Owned by whoever
/// owns the node; not thread-safe.
class CommonApi {
 public:
  /// Both must outlive this object. Register the application before `Node::start`, so that no
  /// message can arrive before there is somebody to take it.
  CommonApi(Node& node, Application& application) : node_(node), application_(application) {}

  /// Sends the message to the root of `key`, by acknowledged hops. `first_hop` overrides the
  /// routing rule for the first of them.
  void route(Time now, Key key, AppMessage message, Effects& out,
             std::optional<Contact> first_hop = std::nullopt);
  /// Sends the message straight to `to`, unacknowledged.
  void send(Time now, const Contact& to, AppMessage message, Effects& out);
  /// The `k` nodes closest to `key` that this node knows of, closest first.
  std::vector<Contact> replica_set(Key key, std::size_t k) const;
  /// The one of them that is nearest to whoever stands at `to` (a message can bring along its
  /// sender's `Node::coordinate`); nullopt when nobody can tell.
  std::optional<Contact> nearest_replica(Key key, std::size_t k, const Coordinate& to) const;
  /// The nodes this one would choose from to route toward `key`, best first, at most `k`.
  std::vector<Contact> local_lookup(Key key, std::size_t k) const;
  /// The keys that `node` is the root of by what this node knows; nullopt when it is neither this
  /// node nor a member of its leaf set.
  std::optional<KeyRange> range(NodeId node) const;

  /// Takes out of `effects` what is the application's (by upcalls, including those that the upcalls
  /// bring about) and leaves what is the driver's, in order.
  void dispatch(Time now, Effects& effects);

 private:
  void arrived(Time now, Arrived arrival, Effects& out);

  Node& node_;
  Application& application_;
};

}  // namespace phyllo::overlay
