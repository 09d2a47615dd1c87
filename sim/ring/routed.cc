#include "sim/ring/routed.h"

#include <charconv>

namespace phyllo::sim {

std::uint64_t RoutedMessages::add(Routed message) {
  messages_.push_back(std::move(message));
  return messages_.size() - 1;
}

overlay::AppMessage RoutedMessages::wire(std::uint64_t number) {
  return {std::to_string(number), Payload::from("body of " + std::to_string(number))};
}

std::optional<std::uint64_t> RoutedMessages::number(const overlay::AppMessage& message) const {
  std::uint64_t value = 0;
  const std::string& text = message.header;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  if (value >= messages_.size() || !(wire(value) == message)) return std::nullopt;
  return value;
}

}  // namespace phyllo::sim
