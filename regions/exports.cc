#include "regions/exports.h"

#include <algorithm>
#include <set>
#include <utility>

#include "regions/destinations.h"

namespace phyllo::regions {

using multicast::Batch;
using overlay::Contact;

void Exports::numbered(Turn& turn, const multicast::Numbered& numbered) {
  const TopicId& id = numbered.topic;
  Batch batch = numbered.batch;
  batch.stays = stays_.of(turn.now(), id, batch, turn.now());
  stays_.taken(turn.now(), id, batch, numbered.at);
  const bool begins = !topics_.contains(id);
  Topic* const known = topic_of(turn, numbered.name, id);
  if (known == nullptr) return;
  Topic& topic = *known;
  topic.published = turn.now();
  if (!std::exchange(topic.rooted, true)) registrar_.renew(turn, id);
  ++topic.numbered;
  for (auto& [region, destination] : topic.destinations) {
    destination.crossing.add(turn, topic.numbered, batch, turn.now());
  }
  if (!knows(turn.now(), id, topic)) hold(turn, topic, batch);
  if (begins || !idle()) advance(turn, id, topic);
}

Exports::Topic* Exports::topic_of(Turn& turn, const TopicName& name, const TopicId& id) {
  const auto found = topics_.find(id);
  if (found != topics_.end()) return &found->second;
  const EnclosureRef enclosure = seats_.enclosure(turn, name);
  if (enclosure && !seats_.admits(enclosure, state_.self().region())) return nullptr;
  Topic& topic = topics_[id];
  topic.name = name;
  registrar_.set_publishing(turn, id, Registrar::Publishing::kYes, name);
  return &topic;
}

/// What this node holds to be all interested regions is that, as the rendezvous would have waited
/// for it to hear of another one.
bool Exports::knows(Time now, const TopicId& id, const Topic& topic) const {
  return topic.listed && now < registrar_.lease(id);
}

/// Who learns of what is dropped here does so from its publisher's stays.
void Exports::hold(Turn& turn, Topic& topic, const Batch& batch) {
  const std::size_t bytes = multicast::cost(batch);
  topic.held.push_back({topic.numbered, batch, turn.now()});
  topic.held_bytes += bytes;
  state_.stats.waiting_bytes += bytes;
  while (topic.held_bytes > state_.config.held_bytes ||
         (state_.stats.waiting_bytes > state_.config.bytes && !topic.held.empty())) {
    state_.stats.dropped_messages += topic.held.front().batch.count;
    drop_oldest(topic);
  }
}

void Exports::drop_oldest(Topic& topic) {
  const std::size_t bytes = multicast::cost(topic.held.front().batch);
  topic.held_bytes -= bytes;
  state_.stats.waiting_bytes -= bytes;
  topic.held.pop_front();
}

void Exports::release(Topic& topic) {
  while (!topic.held.empty()) drop_oldest(topic);
}

void Exports::on_interest(Turn& turn, const Contact& from, const Interest& interest,
                          Registrar::Standing standing, Knowledge until_now) {
  const auto found = topics_.find(interest.topic);
  if (found == topics_.end()) return;
  Topic& topic = found->second;
  const bool old = topic.life == interest.life && interest.edition < topic.edition;
  if (!old) list(turn, interest.topic, topic, interest);
  if (interest.settled && standing == Registrar::Standing::kCurrent) {
    topic.listed = true;
  } else if (until_now == Knowledge::kLapsed) {
    topic.listed = false;
  }
  if (knows(turn.now(), interest.topic, topic)) release(topic);
  turn.send(from, InterestTaken{interest.topic, interest.life, interest.edition});
  advance(turn, interest.topic, topic);
}

void Exports::list(Turn& turn, const TopicId& id, Topic& topic, const Interest& interest) {
  topic.life = interest.life;
  topic.edition = interest.edition;
  std::set<std::string> listed;
  for (const Contact& root : destinations(state_.self().region(), interest.roots)) {
    listed.insert(root.region());
    const auto known = topic.destinations.find(root.region());
    if (known != topic.destinations.end()) {
      known->second.life = interest.life;
      known->second.listed = true;
      known->second.seen = turn.now();
      const bool passed = std::ranges::count(interest.passed, known->second.crossing.to().id()) > 0;
      using Farewell = Crossing::Farewell;
      if (root.id() != known->second.crossing.to().id()) introduce(topic, root.region());
      known->second.crossing.redirect(turn, root, passed ? Farewell::kPassedOn : Farewell::kSilent);
      continue;
    }
    auto& added = topic.destinations
                      .emplace(root.region(), Destination{Crossing(state_, id, root), interest.life,
                                                          true, turn.now()})
                      .first->second;
    for (const Held& held : topic.held) {
      added.crossing.add(turn, held.ordinal, held.batch, held.since);
    }
    topic.steered = false;
  }
  for (auto at = topic.destinations.begin(); at != topic.destinations.end();) {
    const auto here = at++;
    if (listed.contains(here->first)) continue;
    // Another rendezvous may only not have heard of it yet.
    if (here->second.life == interest.life) {
      drop(topic, here);
    } else {
      here->second.listed = false;
    }
  }
}

void Exports::introduce(Topic& topic, const std::string& region) {
  for (auto& [name, destination] : topic.destinations) {
    Crossing& crossing = destination.crossing;
    if (std::ranges::count(crossing.route().through, region) > 0) crossing.introduce();
  }
}

void Exports::drop(Topic& topic, std::map<std::string, Destination>::iterator destination) {
  destination->second.crossing.close();
  topic.destinations.erase(destination);
  topic.steered = false;
}

Exports::Destination* Exports::find(const TopicId& id, const Contact& root) {
  const auto found = topics_.find(id);
  if (found == topics_.end()) return nullptr;
  const auto destination = found->second.destinations.find(root.region());
  return destination == found->second.destinations.end() ? nullptr : &destination->second;
}

void Exports::on_ack(Turn& turn, const Contact& from, const multicast::PublishAck& ack) {
  Destination* destination = find(ack.topic, from);
  if (destination == nullptr) return;
  destination->crossing.on_ack(turn, from, ack);
  advance(turn, ack.topic, topics_.at(ack.topic));
}

void Exports::on_nack(Turn& turn, const Contact& from, const multicast::PublishNack& nack) {
  const TopicId& id = nack.upto.topic;
  Destination* destination = find(id, from);
  if (destination == nullptr) return;
  Topic& topic = topics_.at(id);
  const bool unwanted = nack.reason == multicast::PublishNack::Reason::kUnwanted;
  if (unwanted && !destination->listed && destination->crossing.to().id() == from.id()) {
    drop(topic, topic.destinations.find(from.region()));
  } else {
    destination->crossing.on_nack(turn, from, nack);
  }
  advance(turn, id, topic);
}

void Exports::on_dropped(Turn& turn, const Contact& to, const TopicId& id, Attempt attempt) {
  Destination* destination = find(id, to);
  if (destination == nullptr) return;
  destination->crossing.on_dropped(turn, attempt);
  advance(turn, id, topics_.at(id));
}

void Exports::on_dropped(Turn& turn, const Contact& to, const Relayed& relayed) {
  if (relayed.origin.id() != state_.self().id()) {
    ++state_.stats.relay_drops;  // its origin sends it again
    return;
  }
  if (relayed.here) on_dropped(turn, to, relayed.here->topic, relayed.here->attempt);
  for (const Relayed::Leg& leg : relayed.onward) {
    on_dropped(turn, leg.to, Relayed{relayed.origin, leg.publish, leg.onward});
  }
}

void Exports::unrooted(Turn& turn, const TopicId& id) {
  const auto found = topics_.find(id);
  if (found == topics_.end()) return;
  found->second.rooted = false;
  schedule(turn, id, found->second);
}

bool Exports::over(Turn& turn, const TopicId& id, Topic& topic) {
  const auto waits = [](const auto& entry) { return !entry.second.crossing.idle(); };
  const bool waiting = std::ranges::any_of(topic.destinations, waits) || !topic.held.empty();
  const Duration silence = turn.now() - topic.published;
  const bool forgotten = silence >= state_.config.interest_life;
  const bool unused = !topic.rooted || silence >= state_.config.publishing_idle;
  if (!forgotten && (!unused || waiting)) return false;
  release(topic);
  while (!topic.destinations.empty()) drop(topic, topic.destinations.begin());
  registrar_.set_publishing(turn, id, Registrar::Publishing::kNo, {});
  return true;
}

/// Which other regions could pass on, and by whom: the same one as until now, or else whoever is
/// closest to the topic, so that topics spread over them.
std::vector<std::string> Exports::relays(const TopicId& id, Topic& topic) {
  std::vector<std::string> regions;
  if (state_.config.relaying != Relaying::kAll) return regions;
  const EnclosureRef enclosure = registrar_.enclosure(id);
  for (const std::string& region : state_.routes.others()) {
    if (topic.destinations.contains(region) || (enclosure && !enclosure->has(region))) continue;
    if (!topic.relays.contains(region)) {
      const std::vector<Contact> met = state_.ring.met(region);
      const auto closest = std::ranges::min_element(met, [&](const Contact& a, const Contact& b) {
        return overlay::closer(id.key(), a.id(), b.id());
      });
      if (closest == met.end()) continue;
      topic.relays.emplace(region, *closest);
    }
    regions.push_back(region);
  }
  return regions;
}

void Exports::steer(Turn& turn, const TopicId& id, Topic& topic) {
  if (!state_.routes.of_use() || state_.config.relaying == Relaying::kNone) return;
  std::vector<std::string> trusted;
  for (auto& [region, destination] : topic.destinations) {
    const Crossing& crossing = destination.crossing;
    const bool before = std::exchange(destination.trusted, crossing.trusted(turn.now()));
    if (destination.trusted != before) topic.steered = false;
    if (destination.trusted) {
      trusted.push_back(region);
    } else if (before) {
      for (const std::string& relay : crossing.route().through) topic.relays.erase(relay);
    }
  }
  if (std::exchange(topic.steered, true)) return;
  const auto& routes = state_.routes.routes(trusted, relays(id, topic));
  for (auto& [region, destination] : topic.destinations) {
    const auto route = routes.find(region);
    destination.crossing.reroute(route == routes.end() ? Route{} : route->second);
  }
}

const std::string& Exports::first_hop(const std::string& region, const Crossing& crossing) {
  return crossing.route().direct() ? region : crossing.route().through.front();
}

std::vector<Way> Exports::ways(const TopicId& topic) const {
  std::vector<Way> ways;
  const auto found = topics_.find(topic);
  if (found == topics_.end() || !found->second.rooted) return ways;
  for (const auto& [region, destination] : found->second.destinations) {
    if (destination.listed) ways.push_back({region, destination.crossing.route().through});
  }
  return ways;
}

/// Regions that are reached through the same one keep pace, so that what goes there goes once.
std::map<std::string, Ordinal> Exports::bounds_of(const Topic& topic) {
  std::map<std::string, Ordinal> bounds;
  const auto relayed = [](const auto& entry) { return !entry.second.crossing.route().direct(); };
  if (std::ranges::none_of(topic.destinations, relayed)) return bounds;
  for (const auto& [region, destination] : topic.destinations) {
    const Crossing& crossing = destination.crossing;
    Ordinal& bound =
        bounds.try_emplace(first_hop(region, crossing), Crossing::kNoBound).first->second;
    bound = std::min(bound, crossing.bound());
  }
  return bounds;
}

void Exports::advance(Turn& turn, const TopicId& id, Topic& topic) {
  steer(turn, id, topic);
  for (auto& [region, destination] : topic.destinations) destination.crossing.turn_off();
  const auto bounds = bounds_of(topic);
  Convoy convoy;
  for (auto& [region, destination] : topic.destinations) {
    Crossing& crossing = destination.crossing;
    const auto bound = bounds.find(first_hop(region, crossing));
    crossing.pump(turn, bound == bounds.end() ? Crossing::kNoBound : bound->second, convoy);
  }
  convoy.depart(turn, state_, topic.name, [&](const std::string& region) {
    const auto destination = topic.destinations.find(region);
    if (destination != topic.destinations.end()) {
      return std::optional(destination->second.crossing.to());
    }
    const auto relay = topic.relays.find(region);
    return relay == topic.relays.end() ? std::nullopt : std::optional(relay->second);
  });
  schedule(turn, id, topic);
}

void Exports::schedule(Turn& turn, const TopicId& id, Topic& topic) {
  if (over(turn, id, topic)) {
    deadlines_.cancel(id);
    topics_.erase(id);
    return;
  }
  const Duration idle = state_.config.publishing_idle;
  Time next =
      topic.published + (turn.now() < topic.published + idle ? idle : state_.config.interest_life);
  for (const auto& [region, destination] : topic.destinations) {
    next = std::min(next, destination.crossing.next());
    if (!destination.listed) {
      next = std::min(next, destination.seen + state_.config.interest_life);
    }
  }
  deadlines_.set(id, next);
}

void Exports::tick(Turn& turn) {
  for (const TopicId& id : deadlines_.take_due(turn.now())) {
    Topic& topic = topics_.at(id);
    for (auto at = topic.destinations.begin(); at != topic.destinations.end();) {
      const auto here = at++;
      const Time end = here->second.seen + state_.config.interest_life;
      if (!here->second.listed && turn.now() >= end) {
        drop(topic, here);
      } else {
        here->second.crossing.tick(turn);
      }
    }
    advance(turn, id, topic);
  }
}

}  // namespace phyllo::regions
