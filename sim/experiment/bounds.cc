#include "sim/experiment/bounds.h"

#include <utility>

namespace phyllo::sim {
namespace {

std::string text_of(double value) {
  std::string text = std::to_string(value);
  while (text.ends_with('0')) text.pop_back();
  if (text.ends_with('.')) text.pop_back();
  return text;
}

}  // namespace

Error impossible(std::string text) { return {ErrorCode::kInvalidArgument, std::move(text)}; }

Outcome within(const std::string& what, std::size_t value, std::size_t least, std::size_t most) {
  if (value >= least && value <= most) return Done{};
  return impossible(what + " is " + std::to_string(value) + ", which is not between " +
                    std::to_string(least) + " and " + std::to_string(most));
}

Outcome share(const std::string& what, double value) {
  if (value > 0 && value < 1) return Done{};  // also refuses what is no number
  return impossible(what + " is " + text_of(value) + ", which is not between 0 and 1");
}

Outcome chance(const std::string& what, double value) {
  if (value >= 0 && value < 1) return Done{};
  return impossible(what + " is " + text_of(value) + ", which is not at least 0 and below 1");
}

Outcome longer_than_nothing(const std::string& what, Duration value) {
  if (value > Duration::zero()) return Done{};
  return impossible(what + " must be longer than nothing");
}

Outcome leaf_set(const std::string& what, std::size_t value) {
  if (auto ok = within(what, value, 2, 128); !ok) return ok;
  if (value % 2 != 0) return impossible(what + " is " + std::to_string(value) + ", which is odd");
  return Done{};
}

}  // namespace phyllo::sim
