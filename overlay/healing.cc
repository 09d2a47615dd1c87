#include "overlay/healing.h"

#include <algorithm>

namespace phyllo::overlay {
namespace {

constexpr int kMaxDoublings = 16;  // of the shortest interval

}  // namespace

void Healing::start(Turn& turn) {
  interval_ = view_.config.timers.heal;
  dial_at_ = turn.now + view_.random.around(interval_, 0.5);
}

void Healing::peer_lost(Turn& turn) {
  if (dial_at_ == kNever) return;
  interval_ = view_.config.timers.heal;
  dial_at_ = std::min(dial_at_, turn.now + view_.random.around(interval_, 0.5));
}

void Healing::tick(Turn& turn, std::span<const Endpoint> seeds) {
  while (const auto contact = view_.past.take_due(turn.now)) {
    prober_.probe(turn, *contact, Prober::Purpose::kMeasure);
  }
  if (dial_at_ > turn.now) return;
  dial_at_ = turn.now + view_.random.around(interval_, 0.25);
  interval_ = std::min(interval_ * 2, view_.config.timers.heal * kMaxDoublings);
  for (std::size_t tried = 0; tried < seeds.size(); ++tried) {
    const Endpoint& seed = seeds[next_seed_++ % seeds.size()];
    if (known(seed)) continue;
    turn.out.push_back(Dial{seed});
    return;
  }
}

bool Healing::known(const Endpoint& endpoint) const {
  const auto neighbors = view_.neighbors();
  return std::any_of(neighbors.begin(), neighbors.end(), [&](const Contact& contact) {
    return contact.place().local == endpoint || contact.place().wan == endpoint;
  });
}

Time Healing::next_tick() const { return std::min(dial_at_, view_.past.next_due()); }

}  // namespace phyllo::overlay
