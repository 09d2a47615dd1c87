#include "multicast/publish_window.h"

namespace phyllo::multicast {

PublishWindow::Verdict PublishWindow::offer(overlay::NodeId from, Attempt attempt,
                                            std::uint64_t index) {
  const auto found = sources_.find(from);
  const bool known =
      found != sources_.end() && found->second.attempt == attempt && !found->second.closed;
  if (known && index < found->second.taken) return Verdict::kSeen;
  const bool begins =
      index == 0 && (found == sources_.end() || !same_life(found->second.attempt, attempt) ||
                     found->second.attempt < attempt);
  if (!begins && !(known && index == found->second.taken)) return Verdict::kHole;
  Source& entry = source(from);
  entry.attempt = attempt;
  entry.taken = index + 1;
  entry.closed = false;
  order_.splice(order_.end(), order_, entry.place);
  return Verdict::kNext;
}

void PublishWindow::close() {
  for (auto& [from, entry] : sources_) entry.closed = true;
}

std::uint64_t PublishWindow::taken(overlay::NodeId from, Attempt attempt) const {
  const auto found = sources_.find(from);
  if (found == sources_.end() || found->second.closed) return 0;
  return found->second.attempt == attempt ? found->second.taken : 0;
}

PublishWindow::Source& PublishWindow::source(overlay::NodeId from) {
  const auto found = sources_.find(from);
  if (found != sources_.end()) return found->second;
  if (sources_.size() == kCapacity) {
    sources_.erase(order_.front());
    order_.pop_front();
  }
  Source& entry = sources_[from];
  entry.place = order_.insert(order_.end(), from);
  return entry;
}

}  // namespace phyllo::multicast
