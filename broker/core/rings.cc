#include "broker/core/rings.h"

#include <algorithm>
#include <utility>

namespace phyllo::broker {

using overlay::Contact;
using overlay::NodeId;
using State = overlay::StateChanged::State;

namespace {

/// Beyond it seeds of other regions are dialed for the home ring as well.
constexpr std::size_t kForeignSeeds = 256;

/// Who had no ring yet when it was introduced may have founded one of its own since.
constexpr std::uint64_t kRoundsToRepeat = 16;

overlay::NodeConfig global_config(const BrokerConfig& config) {
  overlay::NodeConfig global = config.overlay;
  if (config.regions.size() > 1) global.timers = config.global_ring;
  return global;
}

}  // namespace

Rings::Rings(const BrokerConfig& config, const Contact& self, std::uint64_t seed)
    : home_timers_(config.overlay.timers),
      global_timers_(config.global_ring),
      global_{overlay::Node(global_config(config), self, seed), {}},
      gate_(self.region()),
      region_(self.region()) {
  if (config.regions.size() < 2) return;
  home_.emplace(overlay::Node(config.overlay, self, seed + 2), overlay::Effects{});
  home_->node.share_evidence(global_.node);
  global_.node.share_evidence(home_->node);
}

// --- what the driver tells ---

void Rings::start(Time now, std::vector<overlay::Endpoint> seeds) {
  if (home_) {
    // When it founds a ring is said below, whether it is a seed or not.
    std::vector<overlay::Endpoint> others = seeds;
    const overlay::Place& own = self().place();
    std::erase_if(others, [&](const auto& seed) { return seed == own.local || seed == own.wan; });
    home_->node.start(now, std::move(others), home_->effects);
    // Cut off from everybody else, the region goes on by itself.
    home_->node.found_by(now + global_timers_.founding_patience);
    introduce_at_ = now + home_timers_.founding_patience;
  }
  global_.node.start(now, std::move(seeds), global_.effects);
}

void Rings::leave(Time now) {
  global_.node.leave(now, global_.effects);
  if (home_) home_->node.leave(now, home_->effects);
  introduce_at_ = kNever;
}

void Rings::receive(Time now, const Contact& from, Scope ring, overlay::Message&& message) {
  if (ring == Scope::kGlobal) {
    global_.node.receive(now, from, std::move(message), global_.effects);
  } else if (!home_) {
    ++stray_messages_;
  } else if (gate_.admits(from, message)) {
    home_->node.receive(now, from, std::move(message), home_->effects);
  }
}

void Rings::disconnected(Time now, NodeId peer) {
  global_.node.disconnected(now, peer, global_.effects);
  if (home_) home_->node.disconnected(now, peer, home_->effects);
}

void Rings::dialed(Time now, const overlay::Endpoint& endpoint, const Contact& found) {
  global_.node.dialed(now, endpoint, found, global_.effects);
  if (!home_) return;
  if (gate_.admits(found)) {
    foreign_seeds_.erase(endpoint);
    const bool itself = found.id() == self().id();
    if (!itself) home_->node.dialed(now, endpoint, found, home_->effects);
  } else if (foreign_seeds_.size() < kForeignSeeds && foreign_seeds_.insert(endpoint).second) {
    gate_.refused_seed();
  }
}

void Rings::dial_failed(Time now, const overlay::Endpoint& endpoint) {
  global_.node.dial_failed(now, endpoint, global_.effects);
  if (home_) home_->node.dial_failed(now, endpoint, home_->effects);
}

void Rings::tick(Time now) {
  if (!home_ || global_.node.next_tick() <= now) global_.node.tick(now, global_.effects);
  if (!home_) return;
  if (home_->node.next_tick() <= now) home_->node.tick(now, home_->effects);
  if (introduce_at_ <= now) introduce_neighbors(now);
}

Time Rings::next_tick() const {
  const Time global = global_.node.next_tick();
  return home_ ? std::min({global, home_->node.next_tick(), introduce_at_}) : global;
}

// --- what the layers above want ---

void Rings::send_toward(Time now, Scope ring, overlay::Key key, overlay::AppMessage message) {
  Member& in = member(ring);
  in.node.send_toward(now, key, std::move(message), in.effects);
}

void Rings::forward(Time now, Scope ring, overlay::Arrived arrival) {
  Member& in = member(ring);
  in.node.forward(now, std::move(arrival), in.effects);
}

void Rings::send_direct(Time now, Scope ring, const Contact& to, overlay::AppMessage message) {
  Member& in = member(ring);
  in.node.send_direct(now, to, std::move(message), in.effects);
}

void Rings::introduce(Time now, const Contact& stranger) {
  if (!home_ || !gate_.admits(stranger) || stranger.id() == self().id()) return;
  if (home_->node.active() && home_->node.knows(stranger.id())) return;
  home_->node.introduce(now, stranger, home_->effects);
}

// --- effects ---

std::optional<Rings::Taken> Rings::take(Time now) {
  agree_on_life(now);
  if (home_ && !home_->effects.empty())
    return Taken{Scope::kHome, std::exchange(home_->effects, {})};
  if (global_.effects.empty()) return std::nullopt;
  return Taken{Scope::kGlobal, std::exchange(global_.effects, {})};
}

void Rings::agree_on_life(Time now) {
  if (!home_) return;
  const overlay::Incarnation global = global_.node.self().incarnation();
  const overlay::Incarnation home = home_->node.self().incarnation();
  if (global < home) global_.node.live_as(now, home, global_.effects);
  if (home < global) home_->node.live_as(now, global, home_->effects);
}

void Rings::state_changed(Time now, Scope ring, State state) {
  if (!home_ || ring != Scope::kGlobal || state != State::kActive) return;
  // Whoever is there of this region has been met by now, or never began.
  home_->node.found_by(now + home_timers_.founding_patience);
  introduce_at_ = now;
}

void Rings::leaf_set_changed(Time now, Scope ring) {
  if (home_ && ring == Scope::kGlobal) introduce_at_ = now;
}

bool Rings::lost(Time now, Scope ring, NodeId peer) {
  if (!home_) return true;
  if (ring == Scope::kGlobal) introduced_.erase(peer);
  Member& other = ring == Scope::kGlobal ? *home_ : global_;
  if (!other.node.knows(peer)) return true;
  other.node.doubt(now, peer, other.effects);
  return false;
}

bool Rings::dials(Scope ring, const overlay::Endpoint& endpoint) const {
  return ring == Scope::kGlobal || !foreign_seeds_.contains(endpoint);
}

void Rings::introduce_neighbors(Time now) {
  overlay::Node& home = home_->node;
  // Not a multiple of the founding patience, so that the one does not always wait for the other.
  introduce_at_ =
      now + (home.active() ? home_timers_.heal : home_timers_.founding_patience * 3 / 2);
  if (++rounds_ % kRoundsToRepeat == 0) introduced_.clear();
  const std::vector<Contact> met = contacts_in(region_);
  for (const Contact& contact : met) {
    const auto [said, first] = introduced_.try_emplace(contact.id(), contact.incarnation());
    const bool news =
        first || std::exchange(said->second, contact.incarnation()) < contact.incarnation();
    // Until a ring is found nobody's answer was the last word.
    if (home.active() && (!news || home.knows(contact.id()))) continue;
    home.introduce(now, contact, home_->effects);
  }
  std::erase_if(introduced_, [&](const auto& said) { return !global_.node.knows(said.first); });
}

// --- what they know ---

std::vector<Contact> Rings::contacts_in(const std::string& region) const {
  std::vector<Contact> found = global_.node.members_met();
  std::erase_if(found, [&](const Contact& contact) { return contact.region() != region; });
  std::sort(found.begin(), found.end(),
            [](const Contact& a, const Contact& b) { return a.id() < b.id(); });
  return found;
}

}  // namespace phyllo::broker
