#pragma once

#include <string>
#include <utility>
#include <variant>

#include "base/check.h"

namespace phyllo {

/// Why something asked for from outside could not be done.
enum class ErrorCode {
  kInvalidArgument,  ///< the request itself is wrong and will stay wrong
  kMalformed,        ///< bytes that do not decode
  kAltered,          ///< bytes that are not what was sent
  kTooLarge,         ///< over a documented size limit
  kLimit,            ///< over a configured count limit
  kQueueFull,        ///< a bounded queue has no room now; later it may
  kTimeout,          ///< no answer in time
  kRefused,          ///< the other side said no, the message says why
  kUnavailable,      ///< nobody there who could do it now
  kNotFound,         ///< the thing named does not exist
  kClosed,           ///< this end was closed
};

/// The name of a code as it appears in messages and metrics, e.g. "too_large".
const char* to_string(ErrorCode code);

/// An error as a value. `message` is one line for people and needs no context to be understood.
struct Error {
  ErrorCode code;
  std::string message;
};

/// Either a T or an Error. Read the value only after `ok()`; anything else is a broken invariant.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  const T& value() const& { return checked(), std::get<0>(state_); }
  T& value() & { return checked(), std::get<0>(state_); }
  T&& value() && { return checked(), std::get<0>(std::move(state_)); }
  const T& operator*() const& { return value(); }
  T& operator*() & { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  const T* operator->() const { return &value(); }
  T* operator->() { return &value(); }

  const Error& error() const {
    PHYLLO_CHECK(!ok());
    return std::get<1>(state_);
  }

 private:
  void checked() const { PHYLLO_CHECK(ok()); }
  std::variant<T, Error> state_;
};

/// A Result without a value: `return Done{};` is success.
struct Done {};
using Outcome = Result<Done>;

}  // namespace phyllo
