#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/topic_name.h"

namespace phyllo::regions {

/// A topic that must stay inside some regions: what everybody who keeps account of it has to know.
struct Enclosure {
  TopicName topic;
  /// The regions inside. The first that is there has the rendezvous.
  std::vector<std::string> regions;

  bool has(std::string_view region) const {
    return std::ranges::find(regions, region) != regions.end();
  }
};

/// Null: a topic that is free to be everywhere.
using EnclosureRef = std::shared_ptr<const Enclosure>;

}  // namespace phyllo::regions
