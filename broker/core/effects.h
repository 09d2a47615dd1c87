#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "overlay/effects.h"
#include "overlay/wire.h"

namespace phyllo::broker {

/// A program's connection, numbered by the gateway; never used again for another one.
using SessionId = std::uint64_t;

/// To the peer transport.
struct ToPeer {
  overlay::Contact to;
  overlay::Wire wire;
};
struct DialPeer {
  overlay::Endpoint endpoint;
};
/// To the peer transport: this peer is gone; its link can be closed.
struct ForgetPeer {
  overlay::NodeId peer;
};
/// To the client gateway. Credit bounds what is under way, so the gateway never refuses.
struct ToClient {
  SessionId session;
  overlay::Wire wire;
};
/// How a program's connection ends: once everything said before is sent and the program has had
/// time to hang up by itself, or now, where it has said that it listens no more.
enum class Closing { kOnceSent, kAtOnce };

/// To the client gateway.
struct CloseClient {
  SessionId session;
  std::string reason;
  Closing how = Closing::kOnceSent;
};
/// To the driver: the node's contact changed (a higher incarnation); new links say so in their
/// hello.
struct SelfChanged {
  overlay::Contact self;
};
/// To the driver: this broker is done, after a drain or because it was refused for good.
struct Stopped {
  bool resigned;
  std::string reason;
};

using Effect = std::variant<ToPeer, DialPeer, ForgetPeer, ToClient, CloseClient, SelfChanged,
                            Stopped, overlay::StateChanged, overlay::Notice>;
using Effects = std::vector<Effect>;

}  // namespace phyllo::broker
