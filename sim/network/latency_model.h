#pragma once

#include <functional>
#include <memory>

#include "base/random.h"
#include "base/time.h"
#include "overlay/wire.h"
#include "sim/network/station.h"

namespace phyllo::sim {

/// Where stations stand and how long a message takes from one to another when nothing disturbs it;
/// jitter, loss and queueing come on top of it (`Weather`, `UpLink`). Belongs to one network.
class LatencyModel {
 public:
  virtual ~LatencyModel() = default;

  /// The next station; the first one is number 0.
  virtual void add_station(const StationPlace& place, Random& random) = 0;
  /// One way. The same for every message, and for equal stations not zero.
  virtual Duration delay(StationId from, StationId to) const = 0;
  /// A message set out, whether it will arrive or not: for models that count what their links
  /// carry.
  virtual void carried(StationId /*from*/, StationId /*to*/, const overlay::Wire& /*wire*/) {}
};

/// Makes the model of one run. A setup holds this rather than a model so that it stays a value: two
/// runs of one setup share nothing.
using MakeLatency = std::function<std::unique_ptr<LatencyModel>()>;

}  // namespace phyllo::sim
