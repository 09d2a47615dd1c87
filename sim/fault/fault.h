#pragma once

#include <cstdint>
#include <variant>
#include <vector>

#include "base/time.h"
#include "sim/network/network.h"

/// Everything that goes wrong, as data: a plan says when and what, can be written down line by line
/// and read back, cut down to what matters, and carried out by a FaultInjector.
namespace phyllo::sim {

/// The process ends; `kSilent` or `kReported` (a goodbye is a Drain).
struct Crash {
  StationId broker;
  Death how;
  bool operator==(const Crash&) const = default;
};

/// A part of those that run then, at least one, ends at once. `dice` says which ones.
struct MassCrash {
  double share;
  Death how;
  std::uint64_t dice;
  bool operator==(const MassCrash&) const = default;
};

/// The machine's broker starts again with its id.
struct Restart {
  StationId broker;
  bool operator==(const Restart&) const = default;
};

/// Says goodbye and ends.
struct Drain {
  StationId broker;
  bool operator==(const Drain&) const = default;
};

/// The process is stopped: silent, but connected.
struct Pause {
  StationId broker;
  Duration lasts;
  bool operator==(const Pause&) const = default;
};

/// A group is cut off from the rest, or in one direction only.
struct Partition {
  std::vector<StationId> group;
  Cut cut;
  Duration lasts;
  bool operator==(const Partition&) const = default;
};

/// What one sends to the other is held back and arrives late, in its order.
struct Clog {
  StationId from;
  StationId to;
  Duration lasts;
  bool operator==(const Clog&) const = default;
};

/// Each message everywhere is lost, altered, or arrives twice with this chance.
struct Loss {
  double chance;
  Duration lasts;
  bool operator==(const Loss&) const = default;
};
struct Corruption {
  double chance;
  Duration lasts;
  bool operator==(const Corruption&) const = default;
};
struct Duplication {
  double chance;
  Duration lasts;
  bool operator==(const Duplication&) const = default;
};

/// Each message everywhere takes longer by `extra` with this chance.
struct Spikes {
  double chance;
  Duration extra;
  Duration lasts;
  bool operator==(const Spikes&) const = default;
};

/// The connections between two brokers break; both are told.
struct BrokenLink {
  StationId one;
  StationId other;
  bool operator==(const BrokenLink&) const = default;
};

/// A broker's programs lose their connections.
struct BrokenSessions {
  StationId broker;
  bool operator==(const BrokenSessions&) const = default;
};

/// Whatever lasts, ends.
struct Heal {
  bool operator==(const Heal&) const = default;
};

using Fault = std::variant<Crash, MassCrash, Restart, Drain, Pause, Partition, Clog, Loss,
                           Corruption, Duplication, Spikes, BrokenLink, BrokenSessions, Heal>;

struct TimedFault {
  Duration at;  ///< from the beginning of the plan
  Fault what;
  bool operator==(const TimedFault&) const = default;
};

using FaultPlan = std::vector<TimedFault>;

/// When the last fault of the plan has ended.
Duration end_of(const FaultPlan& plan);
/// The brokers that a fault names.
std::vector<StationId> brokers_of(const Fault& fault);

}  // namespace phyllo::sim
