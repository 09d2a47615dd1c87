#include "phyllo/status.h"

namespace phyllo {

const char* to_string(StatusCode code) {
  switch (code) {
    case StatusCode::kOk:
      return "ok";
    case StatusCode::kInvalidArgument:
      return "invalid_argument";
    case StatusCode::kMalformed:
      return "malformed";
    case StatusCode::kTooLarge:
      return "too_large";
    case StatusCode::kLimit:
      return "limit";
    case StatusCode::kQueueFull:
      return "queue_full";
    case StatusCode::kTimeout:
      return "timeout";
    case StatusCode::kRefused:
      return "refused";
    case StatusCode::kUnavailable:
      return "unavailable";
    case StatusCode::kNotFound:
      return "not_found";
    case StatusCode::kClosed:
      return "closed";
  }
  return "unknown";
}

std::string Status::to_string() const {
  std::string text = phyllo::to_string(code_);
  if (!message_.empty()) text += ": " + message_;
  return text;
}

}  // namespace phyllo
