#pragma once

#include <string>
#include <variant>
#include <vector>

#include "overlay/contact.h"
#include "overlay/endpoint.h"
#include "overlay/wire.h"

namespace phyllo::overlay::transport {

/// A message of a peer that has introduced itself.
struct Received {
  Contact from;
  Wire wire;
};
/// A connection with this peer ended without a goodbye, or could not be made. What was on its way
/// to the peer may be lost. Evidence of its death, not proof.
struct Disconnected {
  NodeId peer;
  std::string why;
};
/// The answer to `dial`.
struct Dialed {
  Endpoint endpoint;
  Contact found;
};
struct DialFailed {
  Endpoint endpoint;
  std::string why;
};
/// This broker and another do not talk, for a reason an operator should read. Both sides report it.
struct Refused {
  enum class By { kUs, kThem };
  By by;
  std::string peer;  ///< a node id or, when that is not known, an endpoint or nothing
  std::string code;
  std::string message;
};

using Event = std::variant<Received, Disconnected, Dialed, DialFailed, Refused>;
using Events = std::vector<Event>;

}  // namespace phyllo::overlay::transport
