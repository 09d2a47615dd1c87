#include "sim/oracle/overlay_watch.h"

#include <string>
#include <utility>

namespace phyllo::sim {
namespace {

/// Enough to see what is wrong.
constexpr std::size_t kFindings = 20;
/// Looked at each time.
constexpr std::size_t kPlaces = 4;

}  // namespace

OverlayWatch::OverlayWatch(EventQueue& queue, std::function<Members()> who,
                           std::size_t leaf_set_size, Duration every, std::uint64_t seed)
    : queue_(queue),
      who_(std::move(who)),
      leaf_set_size_(leaf_set_size),
      every_(every),
      random_(seed) {
  plan();
}

OverlayWatch::~OverlayWatch() { *watching_ = false; }

void OverlayWatch::plan() {
  queue_.after(every_, [this, watching = watching_] {
    if (!*watching) return;
    look();
    plan();
  });
}

void OverlayWatch::look() {
  ++looks_;
  const Members members = who_();
  if (structures_.size() < kFindings) {
    append(structures_, check_structures(members, leaf_set_size_));
  }
  if (claims_.size() >= kFindings) return;
  Members active = members;
  std::erase_if(active, [](const Member& member) { return !member.node->active(); });
  for (const std::string& finding : check_claims(active, border_keys(active, kPlaces, random_))) {
    claims_.push_back("at " + std::to_string(queue_.now().time_since_epoch().count()) + " ns " +
                      finding);
  }
}

}  // namespace phyllo::sim
