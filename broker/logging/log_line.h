#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "broker/config/logging_settings.h"
#include "overlay/id.h"

namespace phyllo::broker {

/// One event for the log.
struct LogLine {
  std::chrono::system_clock::time_point time;
  LogLevel level = LogLevel::kInfo;
  Subsystem subsystem = Subsystem::kBroker;
  std::string_view node;  ///< short id
  std::string_view region;
  std::optional<overlay::NodeId> peer;  ///< the other broker it concerns
  std::string_view message;
};

/// `2026-01-31T12:00:00.123Z warning transport 0123abcd eu-west peer=89ef0123 message`, without a
/// line end. What a peer put into a message cannot forge a line or steer a terminal: control
/// characters and bytes that are not UTF-8 come out escaped as `\x1b`.
std::string to_text(const LogLine& line);

/// One JSON object without a line end: time, level, subsystem, node, region, peer (if any, full
/// id), message. Valid for every message; bytes that are not UTF-8 become U+FFFD.
std::string to_json(const LogLine& line);

}  // namespace phyllo::broker
