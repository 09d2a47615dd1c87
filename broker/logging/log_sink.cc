#include "broker/logging/log_sink.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace phyllo::broker {
namespace {

constexpr const char* kStandardError = "stderr";

Result<int> open_destination(const std::string& destination) {
  if (destination == kStandardError) return STDERR_FILENO;
  const int file = ::open(destination.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
  if (file >= 0) return file;
  return Error{ErrorCode::kUnavailable, "cannot open the log file '" + destination +
                                            "': " + std::generic_category().message(errno)};
}

void close_destination(int file) {
  if (file != STDERR_FILENO) ::close(file);
}

}  // namespace

Result<std::shared_ptr<LogSink>> LogSink::open(std::string destination) {
  const Result<int> file = open_destination(destination);
  if (!file) return file.error();
  return std::shared_ptr<LogSink>(new LogSink(std::move(destination), *file));
}

LogSink::~LogSink() { close_destination(file_); }

Outcome LogSink::reopen() {
  const Result<int> file = open_destination(destination_);
  if (!file) return file.error();
  const std::lock_guard lock(mutex_);
  close_destination(std::exchange(file_, *file));
  return Done{};
}

void LogSink::sink_it_(const spdlog::details::log_msg& message) {
  std::string line(message.payload.data(), message.payload.size());
  line += '\n';
  std::string_view rest = line;
  while (!rest.empty()) {
    const ssize_t written = ::write(file_, rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    // A full disk or a closed pipe must not end the broker, and there is nowhere left to report it.
    if (written <= 0) return;
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
}

}  // namespace phyllo::broker
