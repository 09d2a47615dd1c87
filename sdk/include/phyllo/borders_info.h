#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace phyllo {

/// What a broker exchanged with brokers of another region, in one direction. Bytes are those of
/// messages, without the headers of ZeroMQ, TCP and IP; money is in the currency of the cluster's
/// table of regions.
struct BorderInfo {
  std::string from;
  std::string to;
  std::uint64_t messages = 0;  ///< this and the next two since the broker started
  std::uint64_t data_bytes = 0;
  std::uint64_t control_bytes = 0;
  std::uint64_t month_data_bytes = 0;  ///< in this month of the calendar (UTC)
  std::uint64_t month_control_bytes = 0;
  double bytes_per_second = 0;   ///< over the last day
  double price_per_gb = 0;       ///< of 10^9 bytes
  double spent = 0;              ///< this month
  double expected = 0;           ///< in the whole month, if its rest is like the usual day
  double expected_last_day = 0;  ///< the same, if it is like the last day
  std::optional<double> budget;  ///< for all brokers of `from` together
};

/// What a broker sent to another region of one topic, in this month or since it started.
struct BorderTopicInfo {
  std::string topic;  ///< its id in hexadecimal digits where its name is not known any more
  std::string to;
  std::uint64_t bytes = 0;   ///< never less than were sent
  std::uint64_t excess = 0;  ///< by how much that may be too many
};

/// What the connected broker exchanged with other regions. Both lists are empty where the cluster
/// has no table of regions.
struct BordersInfo {
  std::string node_id;  ///< 32 hexadecimal digits
  std::string region;
  std::vector<BorderInfo> borders;
  std::vector<BorderTopicInfo> topics;  ///< those that it sent most of, these first
};

}  // namespace phyllo
