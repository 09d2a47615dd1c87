#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "overlay/contact.h"
#include "overlay/messages.h"
#include "overlay/wire.h"

namespace phyllo::overlay {

/// To the driver: encode and put on the link to `to`.
struct Send {
  Contact to;
  Message message;
};

/// To the driver: find out who answers at this endpoint, then call `dialed` or `dial_failed`.
struct Dial {
  Endpoint endpoint;
};

/// To the layer above: a message on its way toward `key` has reached this node. That layer decides
/// what becomes of it: consume it, change it, hand it to `Node::forward`, or drop it.
struct Arrived {
  Key key;
  Contact origin;          ///< who called send_toward
  Contact previous;        ///< who sent it this last hop; this node itself when it originates here
  std::uint32_t hops = 0;  ///< links crossed so far
  bool at_root = false;    ///< this node is active and the root of `key`
  AppMessage message;
  /// Set before `Node::forward` to take this next hop instead of the routing rule's; the rule
  /// decides again if it does not answer.
  std::optional<Contact> redirect;
};

/// To the layer above: a message sent to this very node.
struct Received {
  Contact from;
  AppMessage message;
};

/// To the layer above: a message of its own, or one it forwarded, could not be brought further.
struct Undelivered {
  enum class Reason { kHopLimit, kQueueLimit, kLeaving };
  Key key;
  AppMessage message;
  Reason reason;
};

/// To everyone: this peer is gone: it left, or did not answer its probes.
struct PeerLost {
  enum class Reason { kLeft, kSilent, kUnreachable, kReplaced };
  Contact peer;
  Reason reason;
};

/// To everyone: the leaf set changed, or this node became active, so the root of some keys may have
/// moved (Common API `update`).
struct LeafSetChanged {
  std::vector<Contact> joined;
  std::vector<NodeId> left;
};

/// To everyone: what this node may do has changed.
struct StateChanged {
  enum class State {
    kDead,      ///< not started
    kSeeking,   ///< looking for a seed that answers
    kJoining,   ///< asked to join, no answer yet
    kWaiting,   ///< probing its leaf set; answers probes, buffers the rest
    kActive,    ///< serves keys
    kLeft,      ///< left on its own wish; final
    kResigned,  ///< refused for good (e.g. its id is taken); final, `reason` says why
  };
  State state;
  std::string reason;  ///< one line for the log; may be empty
};

/// The name of a state as it appears in logs, metrics and answers, e.g. "active".
const char* to_string(StateChanged::State state);

/// To the log: something an operator may want to read about; no layer acts on it.
struct Notice {
  enum class Level { kDebug, kInfo, kWarning };
  Level level;
  std::string text;
  NodeId peer;  ///< whom it concerns; this node itself when nobody else
};

using Effect = std::variant<Send, Dial, Arrived, Received, Undelivered, PeerLost, LeafSetChanged,
                            StateChanged, Notice>;

/// What a call to the core asks of the world, in order. The caller owns the vector and empties it.
using Effects = std::vector<Effect>;

}  // namespace phyllo::overlay
