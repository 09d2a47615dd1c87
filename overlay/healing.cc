#include "overlay/healing.h"

#include <algorithm>

#include "overlay/self_tuning.h"

namespace phyllo::overlay {
namespace {

constexpr int kLongest = 16;     // × heal, between two tries
constexpr double kLarge = 256;   // a ring of more: its members dial seeds more seldom,
constexpr double kSeldom = 8;    // up to so many times
constexpr int kShortest = 8;     // heal ÷ this, when all others were lost
constexpr double kFades = 0.95;  // an interval is then about a tenth of the time since the cut
constexpr double kManyLost = 0.25;

}  // namespace

void Healing::start(Turn& turn) {
  interval_ = view_.config.timers.heal;
  dial_at_ = turn.now + view_.random.around(interval_, 0.5);
}

void Healing::peer_lost(Turn& turn) {
  if (dial_at_ == kNever) return;
  const Timers& timers = view_.config.timers;
  const auto lost =
      static_cast<double>(view_.past.silent_since(turn.now - timers.table_probe).size());
  const auto left = static_cast<double>(view_.leaves.size() + view_.table.size());
  const double share = lost / std::max(lost + left, 1.0);
  if (share > cut_) {
    cut_ = share;
    try_at_ = std::min(try_at_, turn.now + until_next_try());
  }
  if (share < kManyLost) return;
  interval_ = timers.heal;
  dial_at_ = std::min(dial_at_, turn.now + view_.random.around(interval_, 0.5));
}

void Healing::side_lost(Turn& turn) {
  std::vector<Contact> known = view_.acquaintances.take_all();
  for (const Peer& peer : view_.peers.all()) {
    if (peer.spoke && !peer.suspected) known.push_back(peer.contact);
  }
  for (const Contact& contact : known) {
    if (view_.neighbor(contact.id()) || view_.past.find(contact.id())) continue;
    prober_.probe(turn, contact, Prober::Purpose::kMeasure);
  }
}

/// Whoever of another ring is nearer than the neighbours of this one is found by the questions.
void Healing::seek_other_ring(Turn& turn) {
  std::vector<Contact> others;
  for (const Peer& peer : view_.peers.all()) {
    const NodeId id = peer.contact.id();
    if (peer.spoke && !peer.suspected && !view_.leaves.find(id)) others.push_back(peer.contact);
  }
  if (others.empty()) return;
  repair_.start_from(turn, others[view_.random.below(others.size())]);
}

/// It is enough that some member of a ring looks for others: what all of a large one ask the few
/// seeds, and what these answer, must not grow with it.
Duration Healing::longest_interval() const {
  const double size = estimate_ring_size(view_.leaves);
  const auto longest = static_cast<double>((view_.config.timers.heal * kLongest).count());
  const double factor = std::clamp(size / kLarge, 1.0, kSeldom);
  return Duration(static_cast<Duration::rep>(longest * factor));
}

Duration Healing::until_next_try() {
  const Duration heal = view_.config.timers.heal;
  const double factor = std::clamp(1 / (kShortest * cut_ * cut_), 1.0 / kShortest, 1.0 * kLongest);
  const auto interval = static_cast<double>(heal.count()) * factor;
  return view_.random.around(Duration(static_cast<Duration::rep>(interval)), 0.5);
}

void Healing::tick(Turn& turn, std::span<const Endpoint> seeds) {
  if (try_at_ <= turn.now) {
    const auto contact = view_.past.take_next();
    if (contact) prober_.probe(turn, *contact, Prober::Purpose::kMeasure);
    if (contact) seek_other_ring(turn);
    cut_ = contact ? cut_ * kFades : 0;
    try_at_ = contact ? turn.now + until_next_try() : kNever;
  }
  if (dial_at_ > turn.now) return;
  dial_at_ = turn.now + view_.random.around(interval_, 0.25);
  interval_ = std::min(interval_ * 2, longest_interval());
  // Who started together does not ask the same seeds at the same time for ever.
  const bool large = estimate_ring_size(view_.leaves) > kLarge;
  const auto first = large ? static_cast<std::size_t>(view_.self.id().value()) : std::size_t{0};
  for (std::size_t tried = 0; tried < seeds.size(); ++tried) {
    const Endpoint& seed = seeds[(first + next_seed_++) % seeds.size()];
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

}  // namespace phyllo::overlay
