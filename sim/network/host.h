#pragma once

#include "base/time.h"
#include "overlay/contact.h"
#include "overlay/wire.h"

namespace phyllo::sim {

/// A process on the virtual network: what a transport tells a node or a broker. It answers by calls
/// to the network. Times are the process's own clock.
class Host {
 public:
  virtual ~Host() = default;

  /// Stamped on everything it sends; told to whoever dials it.
  virtual const overlay::Contact& self() const = 0;
  virtual void receive(Time now, const overlay::Contact& from, overlay::Wire wire) = 0;
  virtual void disconnected(Time now, overlay::NodeId peer) = 0;
  virtual void dialed(Time now, const overlay::Endpoint& endpoint,
                      const overlay::Contact& found) = 0;
  virtual void dial_failed(Time now, const overlay::Endpoint& endpoint) = 0;
  virtual void tick(Time now) = 0;
  /// A message of `from` will be received soon: brings what that will need near the processor, in
  /// two steps. Changes nothing.
  virtual void foresee(overlay::NodeId /*from*/, int /*step*/) const {}
  /// Asked after every call.
  virtual Time next_tick() const = 0;
};

}  // namespace phyllo::sim
