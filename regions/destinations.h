#pragma once

#include <string>
#include <vector>

#include "overlay/contact.h"

namespace phyllo::regions {

/// To which of the interested regions' roots the one in `region` sends a batch itself: to all of
/// them but its own.
inline std::vector<overlay::Contact> destinations(const std::string& region,
                                                  const std::vector<overlay::Contact>& interested) {
  std::vector<overlay::Contact> direct;
  for (const auto& root : interested) {
    if (root.region() != region) direct.push_back(root);
  }
  return direct;
}

}  // namespace phyllo::regions
