#include "multicast/cast_desk.h"

#include <algorithm>
#include <utility>

namespace phyllo::multicast {
namespace {

/// Offers to local programs that wait for an answer.
constexpr std::size_t kMaxOffers = 10'000;

bool contains(const std::vector<overlay::NodeId>& ids, overlay::NodeId id) {
  return std::ranges::find(ids, id) != ids.end();
}

}  // namespace

std::uint64_t CastDesk::ask(Turn& turn, const TopicName& topic, Payload payload,
                            std::uint32_t wanted) {
  const std::uint64_t number = ++last_cast_;
  const TopicId id = TopicId::of(topic);
  if (asked_.size() >= kMaxAsked) {
    turn.emit(CastDone{number, {}});
    return number;
  }
  asked_[number];
  asked_deadlines_.set(number, turn.now() + state_.config.survey_timeout);
  Cast cast{id, number, state_.node.self(), wanted, {}, {}, {}, std::move(payload)};
  if (wanted == 0 || (state_.find(id) == nullptr && state_.node.is_root(id.key()))) {
    tell_asker(turn, cast, Walk::kEnds);
  } else if (state_.find(id) != nullptr) {
    on_cast(turn, std::move(cast));
  } else {
    turn.route(id.key(), cast);
  }
  return number;
}

bool CastDesk::on_routed(Turn& turn, const Cast& cast, Place place) {
  if (state_.find(cast.topic) != nullptr) {
    on_cast(turn, cast);
    return true;
  }
  if (place == Place::kAtRoot) tell_asker(turn, cast, Walk::kEnds);
  return place == Place::kAtRoot;
}

void CastDesk::on_cast(Turn& turn, Cast cast) {
  const Tree* tree = state_.find(cast.topic);
  if (tree == nullptr || contains(cast.visited, state_.self())) {
    go_on(turn, std::move(cast));
    return;
  }
  cast.visited.push_back(state_.self());
  std::vector<overlay::Contact> next;
  for (const auto& [id, child] : tree->children()) next.push_back(child.contact);
  std::ranges::stable_sort(next, {}, [&](const auto& c) { return state_.node.proximity(c.id()); });
  if (tree->attached() != nullptr) next.push_back(tree->attached()->parent);
  // The last one is visited next: the parent after all children, the nearest child first.
  for (auto contact = next.rbegin(); contact != next.rend(); ++contact) {
    const bool room = cast.to_visit.size() < kMaxVisited;
    if (room && !contains(cast.visited, contact->id())) cast.to_visit.push_back(*contact);
  }
  if (tree->local_subscribers == 0 || offered_.size() >= kMaxOffers) {
    go_on(turn, std::move(cast));
    return;
  }
  const std::uint64_t offer = ++last_offer_;
  turn.emit(Offer{cast.topic, offer, cast.asker, cast.payload});
  offer_deadlines_.set(offer, turn.now() + state_.config.survey_timeout / 2);
  offered_.emplace(offer, std::move(cast));
}

void CastDesk::answer(Turn& turn, std::uint64_t offer, OfferAnswer answer) {
  auto found = offered_.extract(offer);
  if (found.empty()) return;
  offer_deadlines_.cancel(offer);
  Cast cast = std::move(found.mapped());
  if (answer == OfferAnswer::kAccept && cast.accepted.size() < kMaxVisited) {
    cast.accepted.push_back(state_.self());
    if (cast.accepted.size() >= cast.wanted) {
      tell_asker(turn, cast, Walk::kEnds);
      return;
    }
    tell_asker(turn, cast, Walk::kGoesOn);
  }
  go_on(turn, std::move(cast));
}

void CastDesk::go_on(Turn& turn, Cast cast) {
  while (!cast.to_visit.empty() && cast.visited.size() < kMaxVisited) {
    const overlay::Contact next = cast.to_visit.back();
    cast.to_visit.pop_back();
    if (contains(cast.visited, next.id()) || next.id() == state_.self()) continue;
    turn.send(next, cast);
    return;
  }
  tell_asker(turn, cast, Walk::kEnds);
}

/// Each acceptance is reported as it happens: when the walk is lost with a node, the asker still
/// knows who has it.
void CastDesk::tell_asker(Turn& turn, const Cast& cast, Walk walk) {
  const CastResult result{cast.cast, cast.accepted, walk == Walk::kEnds};
  if (cast.asker.id() == state_.self()) {
    on_result(turn, result);
  } else {
    turn.send(cast.asker, result);
  }
}

void CastDesk::on_result(Turn& turn, const CastResult& result) {
  const auto found = asked_.find(result.cast);
  if (found == asked_.end()) return;
  found->second = result.accepted;
  if (!result.done) return;
  turn.emit(CastDone{result.cast, std::move(found->second)});
  asked_.erase(found);
  asked_deadlines_.cancel(result.cast);
}

void CastDesk::tick(Turn& turn) {
  for (const std::uint64_t offer : offer_deadlines_.take_due(turn.now())) {
    answer(turn, offer, OfferAnswer::kDecline);
  }
  for (const std::uint64_t cast : asked_deadlines_.take_due(turn.now())) {
    on_result(turn, {cast, asked_.at(cast), true});
  }
}

}  // namespace phyllo::multicast
