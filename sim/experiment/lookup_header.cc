#include "sim/experiment/lookup_header.h"

#include <algorithm>
#include <charconv>

namespace phyllo::sim {
namespace {

constexpr char kBetween = ' ';

/// Numbers with a space between each two.
class Numbers {
 public:
  explicit Numbers(std::string_view text) : rest_(text) {}

  template <class Number>
  bool read(Number& value) {
    if (!first_) {
      if (!rest_.starts_with(kBetween)) return false;
      rest_.remove_prefix(1);
    }
    first_ = false;
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
    if (error != std::errc{}) return false;
    rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
    return true;
  }
  bool at_end() const { return rest_.empty(); }
  /// What is left behind the next space; nothing when there is none.
  std::string_view rest() const { return rest_.substr(std::min<std::size_t>(1, rest_.size())); }

 private:
  std::string_view rest_;
  bool first_ = true;
};

}  // namespace

std::string LookupHeader::text() const {
  std::string text = std::to_string(number);
  if (!closest) return text;
  const auto add = [&](auto value) { text += kBetween + std::to_string(value); };
  for (const auto along : sender.at) add(along);
  add(sender.height);
  add(sender.error);
  add(chosen ? 1 : 0);
  return text + kBetween + closest->hex();
}

std::optional<LookupHeader> LookupHeader::parse(std::string_view text) {
  LookupHeader header;
  Numbers numbers(text);
  if (!numbers.read(header.number)) return std::nullopt;
  if (numbers.at_end()) return header;
  for (auto& along : header.sender.at) {
    if (!numbers.read(along)) return std::nullopt;
  }
  int chosen = 0;
  const bool all = numbers.read(header.sender.height) && numbers.read(header.sender.error) &&
                   numbers.read(chosen);
  if (!all) return std::nullopt;
  header.chosen = chosen != 0;
  header.closest = overlay::NodeId::from_hex(numbers.rest());
  if (!header.closest) return std::nullopt;
  return header;
}

}  // namespace phyllo::sim
