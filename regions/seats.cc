#include "regions/seats.h"

#include <algorithm>
#include <string>
#include <vector>

namespace phyllo::regions {

using overlay::Contact;
using Presence = Atlas::Presence;

EnclosureRef Seats::enclosure(Turn& turn, const TopicName& topic) {
  EnclosureRef enclosure = fence_.enclosure(topic);
  if (enclosure && enclosure->regions.size() > 1) atlas_.begin(turn);
  return enclosure;
}

bool Seats::admits(const EnclosureRef& enclosure, const std::string& region) {
  if (enclosure && enclosure->has(state_.self().region()) && enclosure->has(region)) return true;
  ++state_.stats.fenced_off;
  return false;
}

bool Seats::frees(const std::optional<TopicName>& name) {
  if (fence_.rules().empty() || (name && fence_.regions_of(*name).empty())) return true;
  ++state_.stats.fenced_off;
  return false;
}

bool Seats::here(const TopicId& topic, const EnclosureRef& enclosure) const {
  if (!enclosure) return state_.ring.rendezvous_here(topic);
  for (const std::string& region : enclosure->regions) {
    if (region == state_.self().region()) return state_.ring.home_root(topic.key());
    if (atlas_.presence(region) != Presence::kAbsent) return false;
  }
  return false;
}

void Seats::say(Turn& turn, const TopicId& topic, const EnclosureRef& enclosure,
                const Register& word, std::uint32_t failures) {
  if (!enclosure) return turn.route(state_.ring.key(topic), word);
  carry(turn, {topic, enclosure, word, failures});
}

void Seats::say(Turn& turn, const TopicId& topic, const EnclosureRef& enclosure, const Book& book) {
  if (!enclosure) return turn.route(state_.ring.key(topic), book);
  carry(turn, {topic, enclosure, book});
}

void Seats::say(Turn& turn, const TopicId& topic, const EnclosureRef& enclosure,
                const Enquire& enquire, std::uint32_t failures) const {
  if (!enclosure) return turn.route(state_.ring.key(topic), enquire);
  if (const auto to = next(topic, *enclosure, failures)) turn.send(*to, enquire);
}

void Seats::carry(Turn& turn, Courier::Parcel parcel) {
  const auto to = next(parcel.topic, *parcel.enclosure, parcel.failures);
  courier_.send(turn, std::move(parcel), to);
}

void Seats::tick(Turn& turn) {
  for (Courier::Parcel& parcel : courier_.take_due(turn.now())) carry(turn, std::move(parcel));
}

std::optional<Contact> Seats::next(const TopicId& topic, const Enclosure& enclosure,
                                   std::uint32_t failures) const {
  const Contact& self = state_.self();
  for (const std::string& region : enclosure.regions) {
    if (region == self.region()) return at_home(topic);
    const Presence known = atlas_.presence(region);
    if (known == Presence::kThere) return abroad(topic, region, failures);
    if (known == Presence::kUnknown) return std::nullopt;
  }
  return std::nullopt;
}

std::optional<Contact> Seats::at_home(const TopicId& topic) const {
  const Contact& self = state_.self();
  if (state_.ring.home_root(topic.key())) return self;
  // Always closer: whoever disagree about the root do not send a message round in circles.
  const auto closest = state_.ring.closest_at_home(topic.key());
  const bool closer = closest && overlay::closer(topic.key(), closest->id(), self.id());
  return closer ? closest : std::nullopt;
}

std::set<std::string> Seats::electorate(Time now, const EnclosureRef& enclosure) const {
  const std::string& own = state_.self().region();
  std::set<std::string> regions;
  if (!enclosure) {
    regions.insert(state_.routes.others().begin(), state_.routes.others().end());
    if (!regions.empty()) regions.insert(own);
    return regions;
  }
  // Who is cut off has a rendezvous of its own there if one of those before this one is; otherwise
  // it relied on one out here, for a while.
  bool before = true;
  for (const std::string& region : enclosure->regions) {
    before = before && region != own;
    const auto absent = atlas_.absent_since(region);
    if (absent && (before || now - *absent >= state_.config.lease)) continue;
    regions.insert(region);
  }
  return regions;
}

std::optional<Contact> Seats::anybody(const std::string& region) const {
  if (region == state_.self().region()) return state_.self();
  std::vector<Contact> known = state_.ring.met(region);
  if (known.empty()) known = atlas_.brokers(region);
  if (known.empty()) return std::nullopt;
  return known[state_.random.below(known.size())];
}

std::optional<Contact> Seats::abroad(const TopicId& topic, const std::string& region,
                                     std::uint32_t failures) const {
  std::vector<Contact> brokers = atlas_.brokers(region);
  if (brokers.empty()) return std::nullopt;
  std::ranges::sort(brokers, [&](const Contact& a, const Contact& b) {
    return overlay::closer(topic.key(), a.id(), b.id());
  });
  return brokers[failures % brokers.size()];
}

std::optional<Contact> Seats::successor(const TopicId& topic, const EnclosureRef& enclosure) const {
  if (!enclosure) return state_.ring.successor(topic);
  if (const auto heir = state_.ring.closest_at_home(topic.key())) return heir;
  for (const std::string& region : enclosure->regions) {
    if (atlas_.presence(region) == Presence::kThere) return abroad(topic, region, 0);
  }
  return std::nullopt;
}

Time Seats::stands_in_until(Time now, const Enclosure& enclosure) const {
  Time until = atlas_.surveyed();
  for (const std::string& region : enclosure.regions) {
    if (region == state_.self().region()) break;
    until = std::max(until, atlas_.absent_since(region).value_or(now) + state_.config.lease);
  }
  return until;
}

}  // namespace phyllo::regions
