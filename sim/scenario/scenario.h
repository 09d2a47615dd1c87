#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "broker/core/broker_config.h"
#include "overlay/id.h"
#include "sim/fault/fault.h"
#include "sim/network/region_matrix.h"
#include "sim/network/weather.h"

namespace phyllo::sim {

/// What a user wants to know about: brokers in regions, topics with their programs, and what goes
/// wrong. `docs/simulation.md` explains the file it is read from.
struct Scenario {
  struct Broker {
    std::string name;  ///< "eu-west/1", or that of its file without ".yaml"
    std::size_t region;
    std::optional<overlay::NodeId> id;  ///< nullopt: at random
  };

  /// Where programs are, by region of the table.
  using Places = std::vector<std::size_t>;

  struct Topic {
    std::string name;
    double rate = 1;         ///< messages per second of each publisher
    std::size_t size = 200;  ///< bytes of a message
    Places publishers;
    Places subscribers;
  };

  struct Mishap {
    Duration at;       ///< since measuring began
    std::string text;  ///< what it is, for people
    std::vector<Fault> faults;
    /// The faults, which then name broker 0, concern the broker that is this topic's root by then.
    std::optional<std::string> root_of;
  };

  std::string title = "Scenario";
  std::uint64_t seed = 1;
  Duration settle = std::chrono::seconds(5);    ///< from the last subscription until it is measured
  Duration duration = std::chrono::minutes(1);  ///< measured
  broker::BrokerConfig broker;
  std::string profile = "lan";
  RegionTable network;
  Weather weather;
  std::vector<Broker> brokers;
  std::vector<Topic> topics;
  std::vector<Mishap> mishaps;  ///< by time

  /// Deliveries that the topics come to while it is measured.
  double expected_deliveries() const;
};

/// What reading a file came to: a scenario, or every error found, each `file:line:column: message`.
struct LoadedScenario {
  std::optional<Scenario> scenario;
  std::vector<std::string> errors;  ///< empty exactly when there is a scenario

  bool ok() const { return scenario.has_value(); }
};

/// Reads `file` strictly. Touches nothing but that file and those it names.
LoadedScenario load_scenario(const std::filesystem::path& file);

/// The same for a text that is not in a file; `name` stands for it in the errors.
LoadedScenario parse_scenario(std::string_view text, const std::string& name);

}  // namespace phyllo::sim
