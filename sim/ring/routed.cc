#include "sim/ring/routed.h"

#include <charconv>
#include <string_view>

namespace phyllo::sim {
namespace {

constexpr std::string_view kBody = "body of ";

}  // namespace

std::uint64_t RoutedMessages::add(Routed message) {
  messages_.push_back(std::move(message));
  return messages_.size() - 1;
}

overlay::AppMessage RoutedMessages::wire(std::uint64_t number) {
  const std::string text = std::to_string(number);
  return {text, Payload::from(std::string(kBody) + text)};
}

std::optional<std::uint64_t> RoutedMessages::number(const overlay::AppMessage& message) const {
  std::uint64_t value = 0;
  const std::string& text = message.header;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  const bool canonical = text.size() == 1 || text.front() != '0';
  const std::string_view body = message.body.view();
  const bool own = body.starts_with(kBody) && body.substr(kBody.size()) == text;
  if (value >= messages_.size() || !canonical || !own) return std::nullopt;
  return value;
}

}  // namespace phyllo::sim
