#include "tests/regions/world.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "tests/regions/world_ring.h"

namespace phyllo::regions {

using multicast::TopicId;
using overlay::Contact;

TopicName World::name_of(const std::string& topic) { return TopicName::parse(topic).value(); }
TopicId World::id_of(const std::string& topic) { return TopicId::of(name_of(topic)); }

// --- brokers ---

std::size_t World::add(const std::string& region) {
  return add(overlay::NodeId::random(random_), region);
}

std::size_t World::add_closest_to(const std::string& topic, const std::string& region) {
  return add(overlay::NodeId::at(id_of(topic).key()), region);
}

std::size_t World::add(overlay::NodeId id, const std::string& region) {
  const auto endpoint = overlay::Endpoint::parse("tcp://10.0.0.1:7400").value();
  const Contact contact(id, 0, {region, endpoint, endpoint});
  regions_.push_back(std::make_unique<Region>(
      Region{.contact = contact, .life = {}, .asleep = {}, .heard = {}, .taken = {}}));
  boot(regions_.size() - 1);
  return regions_.size() - 1;
}

void World::boot(std::size_t number) {
  Region& region = *regions_[number];
  Life& life = region.life.emplace();
  region.there = true;
  region.counted = region.side;
  multicast::ForestConfig forest = multicast::ForestConfig::lan();
  forest.extent = multicast::Extent::kRegion;
  life.home =
      std::make_unique<overlay::Node>(overlay::NodeConfig{}, region.contact, random_.next());
  life.forest = std::make_unique<multicast::Forest>(forest, *life.home, random_.next());
  life.ring = std::make_unique<Ring>(*this, number);
  life.borders = std::make_unique<Borders>(config, table, fence, *life.ring, random_.next());
  overlay::Effects started;
  life.home->start(now_, {}, started);
  PHYLLO_CHECK(life.home->active());
  multicast::Effects effects;
  life.forest->leaf_set_changed(now_, effects);
  settle(number, std::move(effects), {});
  ring_changed(region.side, std::nullopt);
}

void World::kill(std::size_t number, Duration noticed) {
  regions_[number]->life.reset();
  fall_silent(number, noticed);
}

void World::fall_silent(std::size_t number, Duration noticed) {
  Region& region = *regions_[number];
  after(noticed, [this, &region] {
    region.there = region.life.has_value();
    ring_changed(region.side, region.contact);
  });
}

void World::sleep(std::size_t number, Duration noticed) {
  Region& region = *regions_[number];
  region.asleep = std::exchange(region.life, std::nullopt);
  fall_silent(number, noticed);
}

void World::wake(std::size_t number) {
  Region& region = *regions_[number];
  region.life = std::exchange(region.asleep, std::nullopt);
  region.there = true;
  ring_changed(region.side, std::nullopt);
  region.life->borders->joined(now_);
}

void World::remove(std::size_t number) {
  Region& region = *regions_[number];
  Effects effects;
  region.life->borders->leave(now_, effects);
  settle(number, {}, std::move(effects));
  region.life.reset();
  region.there = false;
  ring_changed(region.side, region.contact, overlay::PeerLost::Reason::kLeft);
}

void World::revive(std::size_t number) {
  Region& region = *regions_[number];
  region.contact = region.contact.reborn(region.contact.incarnation() + 1);
  boot(number);
}

void World::cut_off(std::size_t number, Duration noticed) {
  Region& region = *regions_[number];
  const int before = region.side;
  region.side = ++sides_;
  after(noticed, [this, &region, before] {
    region.counted = region.side;
    ring_changed(before, region.contact);
    for (const auto& other : regions_) {
      if (other->side == before) ring_changed(region.side, other->contact);
    }
  });
}

void World::rejoin(std::size_t number) {
  regions_[number]->side = regions_[number]->counted = 0;
  ring_changed(0, std::nullopt);
}

// --- the ring ---

void World::ring_changed(int side, std::optional<Contact> lost, overlay::PeerLost::Reason why) {
  for (std::size_t i = 0; i < regions_.size(); ++i) {
    Region& region = *regions_[i];
    if (!region.life || region.side != side) continue;
    Effects effects;
    if (lost) region.life->borders->peer_lost(now_, {*lost, why}, effects);
    region.life->borders->leaf_set_changed(now_, effects);
    settle(i, {}, std::move(effects));
  }
}

std::optional<std::size_t> World::rendezvous_for(std::size_t asker, overlay::Key key) const {
  std::optional<std::size_t> best;
  for (std::size_t i = 0; i < regions_.size(); ++i) {
    if (!regions_[i]->life || regions_[i]->side != regions_[asker]->side) continue;
    if (!best || overlay::closer(key, regions_[i]->contact.id(), regions_[*best]->contact.id())) {
      best = i;
    }
  }
  return best;
}

std::size_t World::rendezvous(const std::string& topic) const {
  std::size_t asker = 0;
  while (!regions_[asker]->life || regions_[asker]->side != 0) ++asker;
  return *rendezvous_for(asker, id_of(topic).key());
}

// --- time ---

void World::after(Duration delay, std::function<void()> what) {
  queue_.emplace(std::pair(now_ + delay, events_++), std::move(what));
}

/// The next message or deadline, whichever is first.
void World::step() {
  Time next = queue_.empty() ? kNever : queue_.begin()->first.first;
  std::optional<std::size_t> ticking;
  for (std::size_t i = 0; i < regions_.size(); ++i) {
    if (!regions_[i]->life) continue;
    const Time due =
        std::min(regions_[i]->life->forest->next_tick(), regions_[i]->life->borders->next_tick());
    if (due >= next) continue;
    next = due;
    ticking = i;
  }
  now_ = std::max(now_, next);
  if (ticking) {
    multicast::Effects forest;
    Effects borders;
    regions_[*ticking]->life->forest->tick(now_, forest);
    regions_[*ticking]->life->borders->tick(now_, borders);
    return settle(*ticking, std::move(forest), std::move(borders));
  }
  const auto what = std::move(queue_.begin()->second);
  queue_.erase(queue_.begin());
  what();
}

void World::run_for(Duration time) {
  const Time end = now_ + time;
  bool over = false;
  after(time, [&] { over = true; });
  while (!over) step();
  now_ = end;
}

bool World::run_until(const std::function<bool()>& done, Duration time) {
  bool over = false;
  const auto timer = std::pair(now_ + time, events_);
  after(time, [&] { over = true; });
  while (!over && !done()) step();
  queue_.erase(timer);
  return done();
}

}  // namespace phyllo::regions
