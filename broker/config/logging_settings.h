#pragma once

#include <array>
#include <cstddef>
#include <string>

namespace phyllo::broker {

enum class LogLevel { kDebug, kInfo, kWarning, kError, kOff };

/// The parts of a broker whose log level can be set by itself.
enum class Subsystem { kBroker, kOverlay, kMulticast, kClients, kTransport, kHttp };
inline constexpr std::size_t kSubsystems = 6;

enum class LogFormat {
  kText,  ///< one line for people
  kJson,  ///< one JSON object a line
};

/// The names as they stand in the log and in YAML, e.g. "warning", "transport".
const char* to_string(LogLevel level);
const char* to_string(Subsystem subsystem);
const char* to_string(LogFormat format);

struct LoggingSettings {
  LogLevel level = LogLevel::kInfo;  ///< of every subsystem not named below
  std::array<LogLevel, kSubsystems> levels = all(LogLevel::kInfo);  ///< by Subsystem; in effect
  LogFormat format = LogFormat::kText;
  std::string destination = "stderr";  ///< or a file, appended to

  static constexpr std::array<LogLevel, kSubsystems> all(LogLevel level) {
    std::array<LogLevel, kSubsystems> levels{};
    levels.fill(level);
    return levels;
  }
  LogLevel of(Subsystem subsystem) const { return levels[static_cast<std::size_t>(subsystem)]; }
};

}  // namespace phyllo::broker
