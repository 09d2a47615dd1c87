#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "base/topic_name.h"

namespace phyllo::regions {

/// Which topics a rule is about. A topic's name with wildcards in the place of whole levels: '+' is
/// any one level, '#' at the end is any number of levels, none included: "a/#" matches "a", "a/b"
/// and "a/b/c"; "#" matches every topic.
class TopicPattern {
 public:
  /// kInvalidArgument with the reason when `text` is no pattern.
  static Result<TopicPattern> parse(std::string_view text);

  bool matches(const TopicName& topic) const;
  const std::string& text() const { return text_; }
  bool operator==(const TopicPattern&) const = default;

 private:
  explicit TopicPattern(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

}  // namespace phyllo::regions
