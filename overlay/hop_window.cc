#include "overlay/hop_window.h"

#include <algorithm>

namespace phyllo::overlay {

bool HopWindow::first(NodeId from, std::uint64_t life, std::uint64_t hop, std::uint64_t settled) {
  auto it = senders_.find(from);
  if (it == senders_.end()) {
    if (senders_.size() == kMaxSenders) evict_oldest();
    it = senders_.emplace(from, Sender{life, 0, 0, {}}).first;
  }
  Sender& sender = it->second;
  sender.used = ++uses_;
  if (sender.life != life) sender = Sender{life, 0, uses_, {}};

  auto& seen = sender.seen;
  if (settled > sender.settled) {
    sender.settled = settled;
    seen.erase(seen.begin(), std::lower_bound(seen.begin(), seen.end(), settled));
  }
  if (hop < sender.settled) return false;
  const auto place = std::lower_bound(seen.begin(), seen.end(), hop);
  if (place != seen.end() && *place == hop) return false;
  seen.insert(place, hop);
  if (seen.size() > kMaxOpen) seen.erase(seen.begin());
  return true;
}

void HopWindow::evict_oldest() {
  senders_.erase(
      std::min_element(senders_.begin(), senders_.end(),
                       [](const auto& a, const auto& b) { return a.second.used < b.second.used; }));
}

}  // namespace phyllo::overlay
