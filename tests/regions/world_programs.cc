// What programs ask of their brokers, and what they hear.

#include <string>
#include <utility>

#include "base/batch_body.h"
#include "base/check.h"
#include "tests/regions/world.h"

namespace phyllo::regions {

void World::subscribe(std::size_t region, const std::string& topic) {
  Life& life = *regions_[region]->life;
  multicast::Effects effects;
  const Outcome done =
      life.forest->set_local_subscribers(now_, name_of(topic), ++life.subscribers[topic], effects);
  PHYLLO_CHECK(done.ok());
  settle(region, std::move(effects), {});
}

void World::unsubscribe(std::size_t region, const std::string& topic) {
  Life& life = *regions_[region]->life;
  multicast::Effects effects;
  const Outcome done =
      life.forest->set_local_subscribers(now_, name_of(topic), --life.subscribers[topic], effects);
  PHYLLO_CHECK(done.ok());
  if (life.subscribers[topic] == 0) life.live.erase(id_of(topic));
  settle(region, std::move(effects), {});
}

bool World::live(std::size_t region, const std::string& topic) const {
  return at(region).live.contains(id_of(topic));
}

Sequence World::publish(std::size_t region, const std::string& topic, PublisherId publisher,
                        std::size_t bytes) {
  const Sequence number = ++published_[publisher];
  BatchBodyWriter body;
  body.append(std::to_string(number) + std::string(bytes, '.'));
  multicast::Effects effects;
  const Outcome done = regions_[region]->life->forest->publish(
      now_, name_of(topic), id_of(topic), {publisher, number, 1, body.take(), {}}, effects);
  PHYLLO_CHECK(done.ok());
  settle(region, std::move(effects), {});
  return number;
}

const World::Heard& World::heard(std::size_t region, const std::string& topic,
                                 PublisherId publisher) const {
  static const Heard kNothing;
  const auto& heard = regions_[region]->heard;
  const auto found = heard.find({id_of(topic), publisher});
  return found == heard.end() ? kNothing : found->second;
}

std::uint64_t World::lost(std::size_t region) const { return regions_[region]->lost; }

bool World::taken(std::size_t region, PublisherId publisher, Sequence number) const {
  const auto found = regions_[region]->taken.find(publisher);
  return found != regions_[region]->taken.end() && found->second >= number;
}

void World::survey(std::size_t region, const std::string& topic) {
  Effects effects;
  at(region).borders->survey(now_, name_of(topic), effects);
  settle(region, {}, std::move(effects));
}

void World::cast(std::size_t region, const std::string& topic, std::uint32_t wanted,
                 const std::string& text) {
  BatchBodyWriter body;
  body.append(text);
  Effects effects;
  at(region).borders->cast(now_, name_of(topic), body.take(), wanted, effects);
  settle(region, {}, std::move(effects));
}

}  // namespace phyllo::regions
