#include "regions/atlas.h"

#include <algorithm>
#include <utility>

namespace phyllo::regions {

using overlay::Contact;

namespace {

/// So many brokers of a region are asked, and remembered.
constexpr std::size_t kBrokers = 2;
/// While nobody of a region is known, so many brokers anywhere are asked at a time.
constexpr int kStrangers = 3;
/// After so many questions without an answer, `retry` apart, a region is absent: unless one of its
/// brokers was lost, then `retry` after the others were asked.
constexpr int kPatience = 4;

}  // namespace

Atlas::Atlas(BordersState& state, const Fence& fence) : state_(state) {
  for (const FenceRule& rule : fence.rules()) {
    for (const std::string& region : rule.regions) regions_.try_emplace(region);
  }
  regions_.erase(state_.self().region());
}

void Atlas::begin(Turn& turn) {
  if (std::exchange(begun_, true)) return;
  next_look_ = turn.now();
  surveyed_ = turn.now() + kPatience * state_.config.retry;
  tick(turn);
}

Atlas::Presence Atlas::presence(const std::string& region) const {
  const auto found = regions_.find(region);
  return found == regions_.end() ? Presence::kUnknown : found->second.known;
}

std::vector<Contact> Atlas::brokers(const std::string& region) const {
  std::vector<Contact> list;
  const auto found = regions_.find(region);
  if (found == regions_.end()) return list;
  for (const auto& [id, broker] : found->second.brokers) list.push_back(broker.contact);
  return list;
}

std::optional<Time> Atlas::absent_since(const std::string& region) const {
  const auto found = regions_.find(region);
  if (found == regions_.end() || found->second.known != Presence::kAbsent) return std::nullopt;
  return found->second.absent;
}

void Atlas::heard(Time now, const Contact& from) {
  if (!begun_) return;
  const auto found = regions_.find(from.region());
  if (found == regions_.end()) return;
  Region& region = found->second;
  if (region.doubted && !region.brokers.contains(from.id())) {
    const auto mute = std::ranges::find_if(
        region.brokers, [&](const auto& known) { return known.second.heard < *region.doubted; });
    if (mute != region.brokers.end()) region.brokers.erase(mute);
  }
  if (region.brokers.size() < kBrokers || region.brokers.contains(from.id())) {
    region.brokers.insert_or_assign(from.id(), Broker{from, now});
  }
  region.silent.reset();
  if (std::exchange(region.known, Presence::kThere) != Presence::kThere) news_ = true;
}

void Atlas::on_seek(Turn& turn, const Contact& asker, const Seek& seek, Asked asked) {
  Sought answer{seek.region, {}};
  if (seek.region != state_.self().region()) {
    answer.brokers = state_.ring.met(seek.region);
    // Different ones each time: some may be gone.
    while (answer.brokers.size() > kBrokers) {
      const auto victim = state_.random.below(answer.brokers.size());
      answer.brokers.erase(answer.brokers.begin() + static_cast<std::ptrdiff_t>(victim));
    }
    const bool nobody = asked == Asked::kOneOfAll && state_.deserted(turn.now(), seek.region);
    if (answer.brokers.empty() && !nobody) return;
  }
  turn.send(asker, answer);
}

void Atlas::on_sought(Turn& turn, const Sought& sought) {
  const auto found = regions_.find(sought.region);
  if (found == regions_.end()) return;
  Region& region = found->second;
  for (const Contact& broker : sought.brokers) {
    if (region.named == 0) return;
    if (broker.region() != sought.region || region.brokers.contains(broker.id())) continue;
    --region.named;
    turn.send(broker, Seek{sought.region});
  }
}

void Atlas::peer_lost(Time now, const overlay::PeerLost& lost) {
  const auto found = regions_.find(lost.peer.region());
  if (!begun_ || found == regions_.end()) return;
  if (lost.reason == overlay::PeerLost::Reason::kReplaced) return;
  Region& region = found->second;
  region.brokers.erase(lost.peer.id());
  if (region.known != Presence::kThere || region.doubted) return;
  region.doubted = now;
  next_look_ = now;
}

void Atlas::tick(Turn& turn) {
  if (!begun_ || turn.now() < next_look_) return;
  bool searching = false;
  bool doubting = false;
  for (auto& [name, region] : regions_) {
    look(turn, name, region);
    searching = searching || region.known == Presence::kUnknown;
    doubting = doubting || region.doubted;
  }
  const Duration pause = searching ? state_.config.retry : state_.config.refresh;
  next_look_ = turn.now() + state_.random.around(pause, 0.1);
  // Twice before it is decided: a question may be lost.
  if (doubting) next_look_ = turn.now() + state_.config.retry / 2;
}

void Atlas::look(Turn& turn, const std::string& name, Region& region) {
  std::erase_if(region.brokers, [&](const auto& known) {
    return turn.now() - known.second.heard >= state_.config.lease;
  });
  Duration patience = kPatience * state_.config.retry;
  if (region.doubted && turn.now() - *region.doubted >= state_.config.retry) {
    doubt(turn.now(), region);
    patience = state_.config.retry;
  }
  if (region.brokers.empty() && !region.silent) region.silent = turn.now();
  Presence now = Presence::kThere;
  if (region.silent && region.known != Presence::kAbsent) {
    now = turn.now() - *region.silent < patience ? Presence::kUnknown : Presence::kAbsent;
    region.absent = turn.now();
  } else if (region.silent) {
    now = Presence::kAbsent;
  }
  if (std::exchange(region.known, now) != now) news_ = true;
  seek(turn, name, region);
}

/// Who has not answered since one of them was lost does not count.
void Atlas::doubt(Time now, Region& region) const {
  std::erase_if(region.brokers,
                [&](const auto& known) { return known.second.heard < *region.doubted; });
  if (region.brokers.empty())
    region.silent = std::min(region.silent.value_or(now), *region.doubted);
  region.doubted.reset();
}

/// Those known are asked whether they are still there, unless they said so by something else.
void Atlas::seek(Turn& turn, const std::string& name, Region& region) {
  for (const auto& [id, broker] : region.brokers) {
    const bool doubted = region.doubted && broker.heard < *region.doubted;
    if (doubted || turn.now() - broker.heard >= state_.config.refresh / 2) {
      turn.send(broker.contact, Seek{name});
    }
  }
  const std::size_t sure = region.doubted ? 0 : region.brokers.size();
  region.named = kStrangers * kBrokers;
  std::vector<Contact> met = state_.ring.met(name);
  std::erase_if(met, [&](const Contact& one) { return region.brokers.contains(one.id()); });
  for (std::size_t asked = sure; asked < kBrokers && !met.empty(); ++asked) {
    const auto next = met.begin() + static_cast<std::ptrdiff_t>(state_.random.below(met.size()));
    turn.send(*next, Seek{name});
    met.erase(next);
  }
  if (sure > 0) return;
  for (int i = 0; i < kStrangers; ++i) {
    turn.route(overlay::Key::random(state_.random), Seek{name});
  }
}

bool Atlas::take_news() { return std::exchange(news_, false); }

}  // namespace phyllo::regions
