#include "bench/compare/workload/content.h"

#include <cstring>

namespace phyllo::bench {
namespace {

/// So many messages in a row differ in every byte.
constexpr std::size_t kShifts = 251;

}  // namespace

Content::Content(std::size_t size) : message_(size, '\0') {
  std::uint32_t state = 1;
  for (std::size_t i = 0; i < size + kShifts; ++i) {
    state = state * 1664525 + 1013904223;
    pattern_.push_back(static_cast<char>(state >> 24));
  }
}

std::string_view Content::make(const Stamp& stamp) {
  std::memcpy(message_.data(), &stamp, kStampBytes);
  const std::string_view body = body_of(stamp);
  std::memcpy(message_.data() + kStampBytes, body.data(), body.size());
  return message_;
}

std::optional<Stamp> Content::read(std::string_view message) const {
  if (message.size() != message_.size()) return std::nullopt;
  Stamp stamp;
  std::memcpy(&stamp, message.data(), kStampBytes);
  if (message.substr(kStampBytes) != body_of(stamp)) return std::nullopt;
  return stamp;
}

std::string_view Content::body_of(const Stamp& stamp) const {
  const std::size_t shift = (stamp.topic + stamp.number) % kShifts;
  return std::string_view(pattern_).substr(shift, message_.size() - kStampBytes);
}

}  // namespace phyllo::bench
