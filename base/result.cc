#include "base/result.h"

namespace phyllo {

const char* to_string(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidArgument:
      return "invalid_argument";
    case ErrorCode::kMalformed:
      return "malformed";
    case ErrorCode::kAltered:
      return "altered";
    case ErrorCode::kTooLarge:
      return "too_large";
    case ErrorCode::kLimit:
      return "limit";
    case ErrorCode::kQueueFull:
      return "queue_full";
    case ErrorCode::kTimeout:
      return "timeout";
    case ErrorCode::kRefused:
      return "refused";
    case ErrorCode::kUnavailable:
      return "unavailable";
    case ErrorCode::kNotFound:
      return "not_found";
    case ErrorCode::kClosed:
      return "closed";
  }
  return "unknown";
}

}  // namespace phyllo
