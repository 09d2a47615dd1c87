#include "sdk/src/codec_text.h"

#include <algorithm>

namespace phyllo::internal {

std::string printable(std::string_view text) {
  constexpr std::size_t kLongest = 1024;
  std::string safe(text.substr(0, kLongest));
  std::replace_if(
      safe.begin(), safe.end(),
      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, '?');
  return safe;
}

StatusCode status_code(std::string_view name) {
  constexpr StatusCode kKnown[] = {
      StatusCode::kInvalidArgument, StatusCode::kMalformed, StatusCode::kTooLarge,
      StatusCode::kLimit,           StatusCode::kQueueFull, StatusCode::kTimeout,
      StatusCode::kUnavailable,     StatusCode::kNotFound,  StatusCode::kClosed};
  for (const StatusCode code : kKnown) {
    if (name == to_string(code)) return code;
  }
  return StatusCode::kRefused;
}

}  // namespace phyllo::internal
