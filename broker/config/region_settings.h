#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "regions/fence.h"
#include "regions/region_table.h"

namespace phyllo::broker {

/// What is said of the way from one region to another.
struct BorderSettings {
  std::optional<double> price_per_gb;  ///< nullopt: that of the region it begins in
  double weight = 0;                   ///< added to the price where ways are compared
  std::optional<double> budget;        ///< a month; nullopt: none
  std::optional<Duration> round_trip;  ///< nullopt: that of the way back, if that has one
};

/// What is said of one region of the cluster.
struct RegionSettings {
  double price_per_gb = 0;  ///< to regions for which `to` has no other
  std::map<std::string, BorderSettings> to;
};

using RegionsSettings = std::map<std::string, RegionSettings>;

/// Topics that may be used in some regions only.
struct TopicRuleSettings {
  std::string match;  ///< a regions::TopicPattern
  std::vector<std::string> regions;
};

/// In the order of names, so that all brokers count regions alike.
regions::RegionTable region_table(const RegionsSettings& regions);

/// Of rules that passed all checks.
regions::Fence fence_of(const std::vector<TopicRuleSettings>& rules);

}  // namespace phyllo::broker
