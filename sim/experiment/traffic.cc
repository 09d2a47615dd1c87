#include "sim/experiment/traffic.h"

#include <numeric>
#include <variant>

namespace phyllo::sim {

using namespace overlay;

std::uint64_t Traffic::control() const {
  return std::accumulate(counts_.begin(), counts_.end(), std::uint64_t{0}) - of(Errand::kLookup);
}

Traffic Traffic::since(const Traffic& earlier) const {
  Traffic difference = *this;
  for (std::size_t i = 0; i < kErrands; ++i) difference.counts_[i] -= earlier.counts_[i];
  return difference;
}

Errand errand_of(const Message& message) {
  struct Of {
    Errand operator()(const Direct&) { return Errand::kLookup; }
    Errand operator()(const Hop& hop) {
      const bool joins = std::holds_alternative<JoinRequest>(hop.cargo);
      return joins ? Errand::kJoin : Errand::kLookup;
    }
    Errand operator()(const HopAck&) { return Errand::kAck; }
    Errand operator()(const JoinAccepted&) { return Errand::kJoin; }
    Errand operator()(const JoinRefused&) { return Errand::kJoin; }
    Errand operator()(const Probe&) { return Errand::kLeafProbe; }
    Errand operator()(const ProbeReply&) { return Errand::kLeafProbe; }
    Errand operator()(const Heartbeat&) { return Errand::kHeartbeat; }
    Errand operator()(const Ping&) { return Errand::kMeasure; }
    Errand operator()(const Pong&) { return Errand::kMeasure; }
    Errand operator()(const Measured&) { return Errand::kMeasure; }
    Errand operator()(const Ask&) { return Errand::kQuestion; }
    Errand operator()(const Answer&) { return Errand::kQuestion; }
    Errand operator()(const Leaving&) { return Errand::kOther; }
    Errand operator()(const Superseded&) { return Errand::kOther; }
  };
  return std::visit(Of{}, message);
}

}  // namespace phyllo::sim
