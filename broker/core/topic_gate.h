#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "base/topic_name.h"
#include "regions/fence.h"

namespace phyllo::broker {

/// Which topics programs of this broker may use.
class TopicGate {
 public:
  TopicGate(regions::Fence fence, std::string region)
      : fence_(std::move(fence)), region_(std::move(region)) {}

  /// The name, or why it is none (kInvalidArgument) or none for this region (kRefused).
  Result<TopicName> admit(std::string_view text) const {
    Result<TopicName> name = TopicName::parse(text);
    if (!name) return name;
    const Outcome admitted = fence_.admit(*name, region_);
    if (!admitted) return admitted.error();
    return name;
  }

 private:
  regions::Fence fence_;
  std::string region_;
};

}  // namespace phyllo::broker
