#include <algorithm>

#include "overlay/key_range.h"
#include "sim/ring/ring_oracle.h"

namespace phyllo::sim {
namespace {

using overlay::Key;

/// Enough to see what is wrong.
constexpr std::size_t kFindings = 20;

}  // namespace

RingWatch::RingWatch(Ring& ring, Duration every)
    : ring_(ring), every_(every), random_(ring.random().next()) {
  plan();
}

RingWatch::~RingWatch() { *watching_ = false; }

void RingWatch::plan() {
  ring_.queue().after(every_, [this, watching = watching_] {
    if (!*watching) return;
    look();
    plan();
  });
}

void RingWatch::look() {
  if (structures_.size() < kFindings) {
    for (std::string& finding : check_structures(ring_)) structures_.push_back(std::move(finding));
  }
  if (claims_.size() < kFindings) look_at_claims();
}

void RingWatch::look_at_claims() {
  std::vector<StationId> order = ring_.active();
  if (order.empty()) return;
  std::sort(order.begin(), order.end(),
            [&](StationId a, StationId b) { return ring_.id(a) < ring_.id(b); });
  for (int i = 0; i < 4; ++i) {
    const std::size_t at = random_.below(order.size());
    const overlay::NodeId one = ring_.id(order[at]);
    const overlay::NodeId next = ring_.id(order[(at + 1) % order.size()]);
    const Key middle = overlay::border(one, next);
    for (const Key key : {Key::at(one), middle, Key(middle.value() + 1)}) {
      const StationId root = root_among(ring_, order, key);
      for (const StationId member : order) {
        if (member == root || !ring_.node(member).is_root(key)) continue;
        claims_.push_back("at " + std::to_string(ring_.now().time_since_epoch().count()) +
                          " ns node " + ring_.id(member).short_hex() + " claims key " + key.hex() +
                          " of " + ring_.id(root).short_hex());
      }
    }
  }
}

}  // namespace phyllo::sim
