#include "regions/topic_pattern.h"

namespace phyllo::regions {
namespace {

constexpr std::string_view kOneLevel = "+";
constexpr std::string_view kAllBelow = "#";

Error invalid(std::string why) {
  return {ErrorCode::kInvalidArgument, "invalid topic pattern: " + std::move(why)};
}

/// Takes the first level off `rest`, whose last one leaves it empty.
std::string_view take_level(std::string_view& rest) {
  const std::size_t slash = rest.find('/');
  const std::string_view level = rest.substr(0, slash);
  rest = slash == std::string_view::npos ? std::string_view{} : rest.substr(slash + 1);
  return level;
}

}  // namespace

Result<TopicPattern> TopicPattern::parse(std::string_view text) {
  if (text.empty()) return invalid("it is empty");
  // What is left when each wildcard is a level like others must be a topic's name.
  std::string plain;
  std::string_view rest = text;
  while (true) {
    const bool last = rest.find('/') == std::string_view::npos;
    const std::string_view level = take_level(rest);
    if (level == kAllBelow && !last) return invalid("'#' is only possible as the last level");
    if (level == "*") return invalid("'*' means nothing here; write '+' for any one level");
    const bool wildcard = level == kOneLevel || level == kAllBelow;
    if (!wildcard && level.find_first_of("+#*") != std::string_view::npos) {
      return invalid("a wildcard stands for a whole level, not for a part of one");
    }
    plain += wildcard ? std::string_view("x") : level;
    if (last) break;
    plain += '/';
  }
  const Result<TopicName> name = TopicName::parse(plain);
  if (!name) {
    const std::string& why = name.error().message;
    return invalid(why.substr(why.find(": ") + 2));
  }
  return TopicPattern(std::string(text));
}

bool TopicPattern::matches(const TopicName& topic) const {
  std::string_view pattern = text_;
  std::string_view name = topic.text();
  while (!pattern.empty()) {
    const std::string_view wanted = take_level(pattern);
    if (wanted == kAllBelow) return true;
    if (name.empty()) return false;
    const std::string_view level = take_level(name);
    if (wanted != kOneLevel && wanted != level) return false;
  }
  return name.empty();
}

}  // namespace phyllo::regions
