#include "sim/experiment/traffic.h"

#include <numeric>
#include <variant>

namespace phyllo::sim {

using namespace overlay;

std::uint64_t Traffic::all() const {
  return std::accumulate(counts_.begin(), counts_.end(), std::uint64_t{0});
}

std::uint64_t Traffic::control() const { return all() - of(Errand::kLookup); }

void Traffic::add(const Traffic& other) {
  for (std::size_t i = 0; i < kErrands; ++i) counts_[i] += other.counts_[i];
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
    Errand operator()(const Probe& probe) {
      return probe.nonce == kNoAnswerWanted ? Errand::kLeafNews : Errand::kLeafProbe;
    }
    Errand operator()(const ProbeReply&) { return Errand::kLeafReply; }
    Errand operator()(const Heartbeat&) { return Errand::kHeartbeat; }
    Errand operator()(const Ping&) { return Errand::kPing; }
    Errand operator()(const Pong&) { return Errand::kPong; }
    Errand operator()(const Measured&) { return Errand::kDistance; }
    Errand operator()(const Ask&) { return Errand::kQuestion; }
    Errand operator()(const Answer&) { return Errand::kAnswer; }
    Errand operator()(const Leaving&) { return Errand::kOther; }
    Errand operator()(const Superseded&) { return Errand::kOther; }
  };
  return std::visit(Of{}, message);
}

}  // namespace phyllo::sim
