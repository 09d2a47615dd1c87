#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "broker/config/logging_settings.h"
#include "broker/logging/log_sink.h"
#include "overlay/id.h"

namespace spdlog {
class logger;
namespace details {
class thread_pool;
}
}  // namespace spdlog

namespace phyllo::broker {

/// The broker's log: one line per event, as text or JSON, each with time, level, subsystem, node
/// and region. Lines go through a bounded queue to a thread of its own, because the event loop must
/// not wait for a slow disk or a full pipe; when the queue is full the oldest lines give way, and a
/// later line says how many. Any thread may call `wants` and `write` (by way of Log), one the rest.
class LogOutput {
 public:
  /// kUnavailable when the destination cannot be opened.
  static Result<std::unique_ptr<LogOutput>> open(const LoggingSettings& settings);
  /// Writes what is queued.
  ~LogOutput();

  /// Who speaks, from the next line on. Call it before other threads write.
  void identify(overlay::NodeId node, std::string region);
  /// Levels take effect at once; format and destination stay what they were at `open`.
  void set_levels(const LoggingSettings& settings);
  /// Opens the destination anew, after log rotation moved it away.
  Outcome reopen() { return sink_->reopen(); }

  bool wants(Subsystem subsystem, LogLevel level) const;
  void write(Subsystem subsystem, LogLevel level, std::optional<overlay::NodeId> peer,
             std::string_view message);
  /// Lines that had to give way because the queue was full.
  std::uint64_t lost_lines() const;

 private:
  LogOutput(const LoggingSettings& settings, std::shared_ptr<LogSink> sink);
  void enqueue(Subsystem subsystem, LogLevel level, std::optional<overlay::NodeId> peer,
               std::string_view message);
  void report_lost();

  const LogFormat format_;
  std::string node_ = "-";
  std::string region_ = "-";
  std::array<std::atomic<LogLevel>, kSubsystems> levels_;
  std::atomic<std::uint64_t> lost_reported_ = 0;
  std::shared_ptr<LogSink> sink_;
  std::shared_ptr<spdlog::details::thread_pool> writer_;
  std::shared_ptr<spdlog::logger> queue_;
};

}  // namespace phyllo::broker
