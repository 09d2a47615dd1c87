#pragma once

#include <compare>
#include <string>
#include <string_view>

#include "base/result.h"

namespace phyllo {

/// A valid topic name; an invalid one cannot be built. UTF-8, 1 to 255 bytes, levels separated by
/// '/'. No level is empty (so no leading, trailing or double '/'), and no control characters and no
/// wildcards ('*', '#', '+', reserved for patterns) appear.
class TopicName {
 public:
  static constexpr std::size_t kMaxBytes = 255;

  /// kInvalidArgument with the reason and the position when `text` is not a valid name.
  static Result<TopicName> parse(std::string_view text);

  const std::string& text() const { return text_; }
  auto operator<=>(const TopicName&) const = default;

 private:
  explicit TopicName(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

}  // namespace phyllo
