#pragma once

#include <spdlog/fmt/fmt.h>

#include <optional>
#include <utility>

#include "broker/logging/log_output.h"

namespace phyllo::broker {

/// How one part of the broker writes to the log:
///
///   Log log(output, Subsystem::kTransport);
///   log.info("listening on {}", endpoint.text());
///   log.about(peer.id()).warning("refused: {}", reason);
///
/// A value, cheap to copy; the output must outlive it. Any thread. Arguments are only formatted
/// when the level is on.
class Log {
 public:
  Log(LogOutput& output, Subsystem subsystem) : output_(&output), subsystem_(subsystem) {}

  /// The same channel, for lines that concern `peer`.
  Log about(overlay::NodeId peer) const {
    Log log = *this;
    log.peer_ = peer;
    return log;
  }

  template <class... Args>
  void debug(fmt::format_string<Args...> format, Args&&... args) const {
    write(LogLevel::kDebug, format, std::forward<Args>(args)...);
  }
  template <class... Args>
  void info(fmt::format_string<Args...> format, Args&&... args) const {
    write(LogLevel::kInfo, format, std::forward<Args>(args)...);
  }
  template <class... Args>
  void warning(fmt::format_string<Args...> format, Args&&... args) const {
    write(LogLevel::kWarning, format, std::forward<Args>(args)...);
  }
  template <class... Args>
  void error(fmt::format_string<Args...> format, Args&&... args) const {
    write(LogLevel::kError, format, std::forward<Args>(args)...);
  }
  /// For a level that is only known at run time.
  template <class... Args>
  void write(LogLevel level, fmt::format_string<Args...> format, Args&&... args) const {
    if (!output_->wants(subsystem_, level)) return;
    output_->write(subsystem_, level, peer_, fmt::format(format, std::forward<Args>(args)...));
  }

 private:
  LogOutput* output_;
  Subsystem subsystem_;
  std::optional<overlay::NodeId> peer_;
};

}  // namespace phyllo::broker
