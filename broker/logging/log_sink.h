#pragma once

#include <spdlog/sinks/base_sink.h>

#include <memory>
#include <mutex>
#include <string>

#include "base/result.h"

namespace phyllo::broker {

/// Where log lines end: standard error, or a file that is appended to. A line is one write(2), so
/// that several processes can share a file. Thread-safe.
class LogSink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  /// `destination`: "stderr" or a path. kUnavailable, with the reason, when it cannot be opened.
  static Result<std::shared_ptr<LogSink>> open(std::string destination);
  ~LogSink() override;
  LogSink(const LogSink&) = delete;
  LogSink& operator=(const LogSink&) = delete;

  /// Opens the path again; keeps the old file when that fails.
  Outcome reopen();

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override;
  void flush_() override {}

 private:
  LogSink(std::string destination, int file) : destination_(std::move(destination)), file_(file) {}

  std::string destination_;
  int file_;
};

}  // namespace phyllo::broker
