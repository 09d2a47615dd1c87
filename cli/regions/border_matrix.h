#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "phyllo/borders_info.h"

namespace phyllo::cli {

/// What all brokers that answered exchange between regions, added up.
struct BorderMatrix {
  enum class Coverage {
    kWhole,  ///< every broker that is known of the region it begins in has answered
    kPart,   ///< it is at least that much
  };
  /// One direction of a border, in this month.
  struct Border {
    std::string from;
    std::string to;
    std::uint64_t data_bytes = 0;
    std::uint64_t control_bytes = 0;
    double bytes_per_second = 0;                ///< over the last day
    std::optional<double> now_per_second = {};  ///< bytes; over the last seconds
    double spent = 0;
    double price_per_gb = 0;
    double expected = 0;           ///< in the whole month, if its rest is like the usual day
    double expected_last_day = 0;  ///< the same, if it is like the last day
    std::optional<double> budget = {};
    std::optional<double> predicted = {};  ///< in a month under the expected load
    Coverage coverage = Coverage::kWhole;

    bool too_dear() const { return budget && std::max(expected, expected_last_day) > *budget; }
    bool silent() const { return data_bytes + control_bytes == 0 && predicted.value_or(0) == 0; }
  };
  /// A topic's way over a border, in this month or since the brokers there started.
  struct Topic {
    std::string name;
    std::string from;
    std::string to;
    std::uint64_t bytes = 0;   ///< never less than were sent
    std::uint64_t excess = 0;  ///< by how much that may be too many
  };

  std::vector<Border> borders;  ///< by their names
  std::vector<Topic> topics;    ///< the busiest first

  Border* find(const std::string& from, const std::string& to);
  /// Of each border at most so many topics, in the order of `borders`, the busiest first.
  std::vector<Topic> busiest(std::size_t of_each) const;
};

/// Each broker's answer once. A border is counted by those who send over it; where brokers of their
/// region did not answer (`incomplete` names the region), by those who hear them when that is more.
BorderMatrix add_up(const std::vector<BordersInfo>& answers,
                    const std::set<std::string>& incomplete);

}  // namespace phyllo::cli
