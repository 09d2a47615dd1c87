#pragma once

#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

namespace phyllo {

/// Why a call could not do what it was asked.
enum class StatusCode {
  kOk,               ///< done
  kInvalidArgument,  ///< the call itself is wrong and will stay wrong (a topic name, an endpoint)
  kMalformed,        ///< the broker sent something that cannot be read
  kTooLarge,         ///< the message exceeds the broker's limit
  kLimit,            ///< over a count limit of the broker or of ClientOptions
  kQueueFull,        ///< ClientOptions::publish_queue_bytes are waiting; later there may be room
  kTimeout,          ///< not done in the given time; the message says what was missing
  kRefused,          ///< the broker said no; the message says why
  kUnavailable,      ///< no broker can do it now
  kNotFound,         ///< what was named does not exist
  kClosed,           ///< the client or the subscription was closed
};

/// The name of a code as messages and JSON output show it, e.g. "queue_full".
const char* to_string(StatusCode code);

/// The outcome of a call: success, or a code and one line for people. A plain value.
class Status {
 public:
  /// Success.
  Status() = default;
  Status(StatusCode code, std::string message) : code_(code), message_(std::move(message)) {}

  bool ok() const { return code_ == StatusCode::kOk; }
  explicit operator bool() const { return ok(); }
  StatusCode code() const { return code_; }
  /// One line that needs no context to be understood; empty on success.
  const std::string& message() const { return message_; }
  /// "ok", or "queue_full: …".
  std::string to_string() const;

 private:
  StatusCode code_ = StatusCode::kOk;
  std::string message_;
};

/// A T, or the Status that says why there is none.
template <class T>
class StatusOr {
 public:
  StatusOr(T value) : value_(std::move(value)) {}
  /// `status` is not ok.
  StatusOr(Status status) : status_(std::move(status)) {}

  bool ok() const { return value_.has_value(); }
  explicit operator bool() const { return ok(); }
  const Status& status() const { return status_; }

  /// Throws std::logic_error when there is no value: that is a mistake in the calling program.
  const T& value() const {
    if (!value_) throw std::logic_error("phyllo: no value: " + status_.to_string());
    return *value_;
  }
  const T& operator*() const { return value(); }
  const T* operator->() const { return &value(); }

 private:
  Status status_;
  std::optional<T> value_;
};

}  // namespace phyllo
