#pragma once

#include "broker/core/effects.h"
#include "overlay/wire.h"

namespace phyllo::sim {

/// The program's end of its connections to brokers.
class ClientEnd {
 public:
  virtual ~ClientEnd() = default;
  /// A frame of the client protocol.
  virtual void received(broker::SessionId session, const overlay::Wire& wire) = 0;
  /// The connection is gone, by nobody's wish at this end.
  virtual void connection_lost(broker::SessionId session) = 0;
};

}  // namespace phyllo::sim
