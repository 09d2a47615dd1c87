#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "overlay/messages.h"

namespace phyllo::sim {

/// What messages between overlay nodes are for.
enum class Errand {
  kLookup,     ///< a message of the layer above, for the first time on this hop
  kAgain,      ///< retransmitted on the same hop
  kAck,        ///< of a hop
  kJoin,       ///< requests on their way, and the root's answer
  kLeafProbe,  ///< leaf sets exchanged
  kLeafReply,
  kLeafNews,   ///< leaf sets told to whom nobody asked
  kHeartbeat,  ///< to a neighbour
  kPing,
  kPong,
  kDistance,  ///< round trips told
  kQuestion,  ///< for rows and neighbourhoods
  kAnswer,
  kOther,
};
inline constexpr std::size_t kErrands = 14;
inline constexpr std::array<const char*, kErrands> kErrandNames{
    "lookups",          "retransmitted", "acknowledgements", "joins", "leaf-set probes",
    "leaf-set answers", "leaf-set news", "heartbeats",       "pings", "pongs",
    "distances told",   "questions",     "answers",          "other"};

/// Messages sent, by errand.
class Traffic {
 public:
  void add(Errand errand, std::uint64_t count = 1) {
    counts_[static_cast<std::size_t>(errand)] += count;
  }
  std::uint64_t of(Errand errand) const { return counts_[static_cast<std::size_t>(errand)]; }
  std::uint64_t all() const;
  void add(const Traffic& other);
  /// All that the overlay needs besides the lookups' own hops.
  std::uint64_t control() const;
  Traffic since(const Traffic& earlier) const;

 private:
  std::array<std::uint64_t, kErrands> counts_{};
};

/// Takes a lookup's hop for a first one.
Errand errand_of(const overlay::Message& message);

}  // namespace phyllo::sim
