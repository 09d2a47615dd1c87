#include "base/topic_name.h"

#include "base/utf8.h"

namespace phyllo {
namespace {

/// What is wrong with the name at byte `i`, or nullptr.
const char* problem_at(std::string_view text, std::size_t i, std::size_t& step) {
  step = utf8_sequence(text.substr(i));
  if (step == 0) return "is not valid UTF-8";
  const char c = text[i];
  if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return "is a control character";
  // U+0080 to U+009F, the C1 controls.
  if (c == '\xc2' && static_cast<unsigned char>(text[i + 1]) < 0xa0)
    return "is a control character";
  if (c == '*' || c == '#' || c == '+') return "is a wildcard, which a topic name cannot hold";
  if (c == '/' && (i == 0 || text[i - 1] == '/' || i + 1 == text.size())) {
    return "leaves a level empty";
  }
  return nullptr;
}

}  // namespace

Result<TopicName> TopicName::parse(std::string_view text) {
  const auto invalid = [](std::string why) {
    return Error{ErrorCode::kInvalidArgument, "invalid topic name: " + std::move(why)};
  };
  if (text.empty()) return invalid("it is empty");
  if (text.size() > kMaxBytes) {
    return invalid("it has " + std::to_string(text.size()) + " bytes, the limit is " +
                   std::to_string(kMaxBytes));
  }
  std::size_t step = 0;
  for (std::size_t i = 0; i < text.size(); i += step) {
    if (const char* problem = problem_at(text, i, step)) {
      return invalid("byte " + std::to_string(i) + " " + problem);
    }
  }
  return TopicName(std::string(text));
}

}  // namespace phyllo
