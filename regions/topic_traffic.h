#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "regions/busiest_topics.h"

namespace phyllo::regions {

/// What topics send to other regions: of each region the busiest topics. Bounded.
class TopicTraffic {
 public:
  static constexpr std::size_t kRegions = 256;
  static constexpr std::size_t kTopics = 64;  ///< of each region

  struct Entry {
    std::string to;
    BusiestTopics::Entry topic;
  };

  void add(const std::string& to, const multicast::TopicId& topic, std::uint64_t bytes);
  /// By region, the busiest topics first.
  std::vector<Entry> list() const;

 private:
  std::map<std::string, BusiestTopics> regions_;
};

}  // namespace phyllo::regions
