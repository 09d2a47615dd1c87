#include "overlay/view.h"

#include <algorithm>
#include <functional>
#include <utility>

namespace phyllo::overlay {
namespace {

constexpr Duration kUnmeasured = std::chrono::hours(1);  // no message tells of more

}  // namespace

View::View(NodeConfig node_config, Contact own_contact, std::uint64_t seed)
    : config(std::move(node_config)),
      self(std::move(own_contact)),
      random(seed),
      leaves(self.id(), config.leaf_set_size),
      shadow(self.id(), 2 * config.leaf_set_size),
      table(self.id()),
      past(config.timers.heal) {}

void View::enter(Turn& turn, StateChanged::State next, std::string reason) {
  state = next;
  turn.out.push_back(StateChanged{next, std::move(reason)});
}

void View::send(Turn& turn, const Contact& to, Message message) {
  if (Peer* peer = peers.meet(to, turn.now)) peer->sent = turn.now;
  turn.out.emplace_back(Send{to, std::move(message)});
}

LeafSetState View::leaf_set_state(Time now) const {
  // Long enough that a node whose probes were all lost once still hears of it.
  const Duration news =
      2 * config.timers.silence + 2 * config.timers.probe_attempts * config.timers.probe_timeout;
  return {active(), active() ? leaves.members() : leaves_heard_of(), past.silent_since(now - news)};
}

bool View::is_here(const Contact& contact) const {
  const Endpoint& own = self.place().local;
  return contact.id() == self.id() || (!own.empty() && contact.place().local == own);
}

const Contact* View::neighbor(NodeId id) const {
  const Contact* leaf = leaves.find(id);
  if (leaf) return leaf;
  return id == self.id() ? nullptr : table.find(id);
}

const Contact* View::last_known(NodeId id) const {
  const Peer* peer = living(id);
  return peer ? &peer->contact : past.find(id);
}

Time View::heard(const Peer& peer) const {
  const Peer* there = elsewhere ? elsewhere->find(peer.contact.id()) : nullptr;
  const bool same = there && there->spoke && there->contact == peer.contact;
  return same ? std::max(peer.heard, there->heard) : peer.heard;
}

Time View::sent(const Peer& peer) const {
  const Peer* there = elsewhere ? elsewhere->find(peer.contact.id()) : nullptr;
  const bool same = there && there->spoke && there->contact == peer.contact;
  return same ? std::max(peer.sent, there->sent) : peer.sent;
}

const Peer* View::living(NodeId id) const {
  const Peer* peer = peers.find(id);
  return peer && peer->spoke ? peer : nullptr;
}

Duration View::proximity(NodeId id) const {
  const Peer* peer = peers.find(id);
  if (!peer || !peer->round_trip.measured()) return kUnmeasured;
  return weighed(peer->contact, peer->round_trip.smoothed());
}

Duration View::weighed(const Contact& contact, Duration round_trip) const {
  const bool near = contact.region() == self.region();
  const double factor = near ? 1.0 : config.cross_region_factor;
  return Duration(static_cast<Duration::rep>(static_cast<double>(round_trip.count()) * factor));
}

Duration View::least_proximity(const Contact& contact, Duration from_teller, NodeId teller) const {
  const Peer* peer = peers.find(teller);
  if (!peer || !peer->round_trip.measured() || from_teller == Duration::zero()) return {};
  const Duration ours = peer->round_trip.smoothed();
  return weighed(contact, ours > from_teller ? ours - from_teller : from_teller - ours);
}

Duration View::likely_proximity(const Contact& contact, const Coordinate& there) const {
  const Duration likely = predicted(position.told(), there);
  return likely == Duration::zero() ? kUnmeasured : weighed(contact, likely);
}

std::vector<Coordinate> View::coordinates(const std::vector<Contact>& contacts) const {
  std::vector<Coordinate> all;
  all.reserve(contacts.size());
  for (const Contact& contact : contacts) all.push_back(coordinate(contact.id()));
  return all;
}

Coordinate View::coordinate(NodeId id) const {
  if (id == self.id()) return position.told();
  const Peer* peer = peers.find(id);
  return peer ? peer->coordinate : Coordinate();
}

void View::settle() {
  std::vector<Position::Sample> samples;
  for (const Peer& peer : peers.all()) {
    if (!peer.round_trip.measured() || !peer.coordinate.known()) continue;
    samples.push_back({peer.coordinate, peer.round_trip.smoothed()});
  }
  position.settle(samples, random);
}

std::vector<Duration> View::round_trips(const std::vector<Contact>& contacts) const {
  std::vector<Duration> all;
  all.reserve(contacts.size());
  for (const Contact& contact : contacts) {
    const Peer* peer = peers.find(contact.id());
    const Duration known = peer ? peer->round_trip.smoothed() : Duration::zero();
    all.push_back(std::min<Duration>(known, kUnmeasured));
  }
  return all;
}

Duration View::occupant_distance(NodeId id) const {
  const Peer* asker = peers.find(id);
  if (asker && asker->round_trip.measured()) return Duration(1);
  const Contact* occupant = table.occupant(id);
  const Peer* peer = occupant ? peers.find(occupant->id()) : nullptr;
  if (!peer || !peer->round_trip.measured()) return Duration::zero();
  return std::min<Duration>(proximity(occupant->id()), kUnmeasured);
}

void View::suspect(NodeId id) {
  if (Peer* peer = peers.find(id)) peer->suspected = true;
}

std::vector<Contact> View::leaves_heard_of() const {
  std::vector<Contact> all = shadow.members();
  std::erase_if(all, [&](const Contact& contact) {
    const Peer* peer = peers.find(contact.id());
    return peer && peer->suspected && peer->contact.incarnation() >= contact.incarnation() &&
           !leaves.find(contact.id());
  });
  const std::size_t half = std::min(config.leaf_set_size / 2, all.size());
  // By reach on either side, wherever the shadow keeps them: in a small ring one may be on both.
  std::sort(all.begin(), all.end(), [&](const Contact& a, const Contact& b) {
    return clockwise(self.id(), a.id()) < clockwise(self.id(), b.id());
  });
  std::vector<Contact> nearest(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(half));
  const std::size_t rest = std::min(half, all.size() - half);
  nearest.insert(nearest.end(), all.rbegin(), all.rbegin() + static_cast<std::ptrdiff_t>(rest));
  return nearest;
}

Route View::route_to(Key key, std::span<const NodeId> tried, std::optional<NodeId> joiner) const {
  const auto standing = [&](NodeId id) {
    if (joiner == id) return Standing::kExcluded;
    if (std::find(tried.begin(), tried.end(), id) != tried.end()) return Standing::kTried;
    const Peer* peer = peers.find(id);
    return peer && peer->suspected ? Standing::kSuspected : Standing::kGood;
  };
  return route(key, leaves, shadow, table, std::ref(standing));
}

std::vector<Contact> View::neighbors() const {
  std::vector<Contact> all = leaves.members();
  for (const Contact& contact : table.entries()) {
    if (!leaves.find(contact.id())) all.push_back(contact);
  }
  return all;
}

void View::notice(Turn& turn, Notice::Level level, std::string text, NodeId peer) const {
  turn.out.push_back(Notice{level, std::move(text), peer});
}

}  // namespace phyllo::overlay
