#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/topic_name.h"
#include "regions/enclosure.h"
#include "regions/topic_pattern.h"

namespace phyllo::regions {

/// Topics that may exist in some regions only.
struct FenceRule {
  TopicPattern match;
  std::vector<std::string> regions;  ///< not empty

  bool operator==(const FenceRule&) const = default;
};

/// Where topics may be published, subscribed to and passed through: the first rule that matches a
/// topic decides, and a topic that no rule matches is free to be everywhere. All brokers of a
/// cluster have the same rules; in which order a rule names its regions makes no difference.
class Fence {
 public:
  Fence() = default;
  explicit Fence(std::vector<FenceRule> rules);

  /// The regions of `topic` in alphabetical order; empty: all.
  const std::vector<std::string>& regions_of(const TopicName& topic) const;
  bool allows(const TopicName& topic, std::string_view region) const;
  /// kRefused, naming topic, region and the regions that would do, when not allowed.
  Outcome admit(const TopicName& topic, std::string_view region) const;
  /// Null for a free topic. The order of its regions is the same on every broker, and another
  /// region is first for other topics.
  EnclosureRef enclosure(const TopicName& topic) const;

  const std::vector<FenceRule>& rules() const { return rules_; }

 private:
  std::vector<FenceRule> rules_;  ///< with their regions in order
};

}  // namespace phyllo::regions
