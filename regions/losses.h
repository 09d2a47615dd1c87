#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "base/time.h"
#include "overlay/effects.h"

namespace phyllo::regions {

/// When this node last lost somebody of each other region out of the ring of all brokers without a
/// word: who is only cut off may still go by what it was told before.
class Losses {
 public:
  /// `regions`: those that count.
  void note(Time now, const overlay::PeerLost& lost, const std::vector<std::string>& regions) {
    const std::string& region = lost.peer.region();
    if (lost.reason == overlay::PeerLost::Reason::kLeft) return;
    if (std::ranges::count(regions, region) > 0) latest_[region] = now;
  }
  bool since(Time then, const std::string& region) const {
    const auto found = latest_.find(region);
    return found != latest_.end() && found->second > then;
  }

 private:
  std::map<std::string, Time> latest_;
};

}  // namespace phyllo::regions
