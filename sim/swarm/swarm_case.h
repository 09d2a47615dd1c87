#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "sim/cluster/cluster.h"
#include "sim/fault/fault.h"
#include "sim/swarm/deed.h"

namespace phyllo::sim {

/// Something that happens in a run, at a time from its beginning.
struct Step {
  Duration at;
  std::variant<Fault, Deed> what;
  bool operator==(const Step&) const = default;
};

/// A whole run as data: a cluster, and all that happens to it.
struct SwarmCase {
  enum class Rings {
    kOne,        ///< of all brokers
    kOfRegions,  ///< each region has one of its own besides, and topics of its own
  };
  /// How much a case may have of everything.
  struct Bounds {
    Rings rings = Rings::kOne;
    std::size_t brokers = 20;
    std::size_t programs = 12;
    std::size_t faults = 12;
    Duration length = std::chrono::seconds(12);  ///< of the time in which things happen
  };

  std::uint64_t seed = 1;
  std::size_t brokers = 0;          ///< that run at the beginning
  std::size_t machines = 0;         ///< in all; the others may be started later
  std::size_t regions = 1;          ///< machine m is in region m modulo this number; where
                                    ///< `broker` names them, they have rings of their own
  std::vector<StationId> programs;  ///< at which broker each of them begins
  std::string profile = "lan";
  broker::BrokerConfig broker;
  std::vector<Step> steps;  ///< by time

  /// Seeds are dealt one case each: which kinds of faults and deeds there are at all is the first
  /// thing the dice decide, so that rare kinds do not drown in frequent ones.
  static SwarmCase deal(std::uint64_t seed, const Bounds& bounds);

  static std::string region_name(std::size_t number) { return "region " + std::to_string(number); }
  Duration length() const;
  bool has_faults() const;
  std::vector<StationId> seeds() const;
  /// One line that says what kind of cluster it is.
  std::string summary() const;
};

std::string to_text(const Step& step);
std::string to_text(const std::vector<Step>& steps);
/// What `to_text` wrote; errors begin with the number of their line. Empty lines and what follows a
/// `#` are left out.
Result<std::vector<Step>> parse_steps(std::string_view text);
/// Whether a case has all the brokers and programs that its steps name.
Outcome check_steps(const SwarmCase& swarm);

}  // namespace phyllo::sim
