#include "broker/logging/log_output.h"

#include <spdlog/async.h>
#include <spdlog/spdlog.h>

#include "broker/logging/log_line.h"

namespace phyllo::broker {
namespace {

constexpr std::size_t kQueueLines = 8192;

std::size_t index(Subsystem subsystem) { return static_cast<std::size_t>(subsystem); }

}  // namespace

Result<std::unique_ptr<LogOutput>> LogOutput::open(const LoggingSettings& settings) {
  Result<std::shared_ptr<LogSink>> sink = LogSink::open(settings.destination);
  if (!sink) return sink.error();
  return std::unique_ptr<LogOutput>(new LogOutput(settings, *std::move(sink)));
}

LogOutput::LogOutput(const LoggingSettings& settings, std::shared_ptr<LogSink> sink)
    : format_(settings.format),
      sink_(std::move(sink)),
      writer_(std::make_shared<spdlog::details::thread_pool>(kQueueLines, 1)),
      queue_(std::make_shared<spdlog::async_logger>(
          "phyllo", sink_, writer_, spdlog::async_overflow_policy::overrun_oldest)) {
  set_levels(settings);
}

/// The writer's thread ends after the last queued line, and before the logger that the line names:
/// nobody else may be the last to let go of that.
LogOutput::~LogOutput() { writer_.reset(); }

void LogOutput::identify(overlay::NodeId node, std::string region) {
  node_ = node.short_hex();
  region_ = std::move(region);
}

void LogOutput::set_levels(const LoggingSettings& settings) {
  for (std::size_t i = 0; i < kSubsystems; ++i) levels_[i] = settings.levels[i];
}

bool LogOutput::wants(Subsystem subsystem, LogLevel level) const {
  return level >= levels_[index(subsystem)].load(std::memory_order_relaxed);
}

void LogOutput::write(Subsystem subsystem, LogLevel level, std::optional<overlay::NodeId> peer,
                      std::string_view message) {
  if (!wants(subsystem, level)) return;
  report_lost();
  enqueue(subsystem, level, peer, message);
}

std::uint64_t LogOutput::lost_lines() const { return writer_->overrun_counter(); }

/// Waits until the queue has room again: the report must not be the next line to be lost.
void LogOutput::report_lost() {
  const std::uint64_t lost = lost_lines();
  std::uint64_t reported = lost_reported_.load();
  if (lost == reported || writer_->queue_size() > kQueueLines / 2) return;
  if (!lost_reported_.compare_exchange_strong(reported, lost)) return;
  enqueue(Subsystem::kBroker, LogLevel::kWarning, std::nullopt,
          std::to_string(lost - reported) + " log lines were dropped, the log is too slow");
}

void LogOutput::enqueue(Subsystem subsystem, LogLevel level, std::optional<overlay::NodeId> peer,
                        std::string_view message) {
  const LogLine line{
      std::chrono::system_clock::now(), level, subsystem, node_, region_, peer, message};
  const std::string text = format_ == LogFormat::kJson ? to_json(line) : to_text(line);
  queue_->log(spdlog::level::critical, spdlog::string_view_t(text));
}

}  // namespace phyllo::broker
