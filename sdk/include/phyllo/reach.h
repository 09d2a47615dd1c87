#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace phyllo {

/// Whom a topic reaches, in all regions where there are several.
struct Reach {
  std::uint64_t subscribers = 0;     ///< that brokers told of in time
  std::vector<std::string> unheard;  ///< regions that did not answer in time, or in part only
  bool regions_unknown = false;      ///< there may be others: nobody said in time
  bool complete = false;             ///< nobody is missing: false means "at least `subscribers`"
};

}  // namespace phyllo
