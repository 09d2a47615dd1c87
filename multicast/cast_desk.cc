#include "multicast/cast_desk.h"

#include <algorithm>
#include <utility>

namespace phyllo::multicast {
namespace {

/// Offers to local programs that wait for an answer.
constexpr std::size_t kMaxOffers = 10'000;
constexpr std::size_t kMaxOfferedBytes = 64 << 20;
/// Visits that are remembered, to tell a message that came twice.
constexpr std::size_t kMaxVisits = 4096;

bool contains(const std::vector<overlay::NodeId>& ids, overlay::NodeId id) {
  return std::ranges::find(ids, id) != ids.end();
}

}  // namespace

std::uint64_t CastDesk::ask(Turn& turn, const TopicName& topic, Payload payload,
                            std::uint32_t wanted) {
  const std::uint64_t number = ++last_cast_;
  const TopicId id = TopicId::of(topic);
  if (asked_.size() >= kMaxAsked) {
    turn.emit(CastDone{number, {}, false});
    return number;
  }
  asked_[number];
  asked_deadlines_.set(number, turn.now() + state_.config.survey_timeout);
  wanted = std::min(wanted, kMaxWanted);
  Cast cast{id, number, state_.node.self(), wanted, {}, {}, {}, std::move(payload)};
  if (wanted == 0 || (state_.find(id) == nullptr && state_.node.is_root(id.key()))) {
    tell_asker(turn, cast, Result::kFinal);
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
  if (place == Place::kAtRoot) tell_asker(turn, cast, Result::kFinal);
  return place == Place::kAtRoot;
}

void CastDesk::on_cast(Turn& turn, Cast cast) {
  const Tree* tree = state_.find(cast.topic);
  if (tree == nullptr || contains(cast.visited, state_.self())) {
    go_on(turn, std::move(cast));
    return;
  }
  if (!first_visit(cast)) return;
  if (cast.accepted.size() >= cast.wanted) return tell_asker(turn, cast, Result::kFinal);
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
  const bool room =
      offered_.size() < kMaxOffers && offered_bytes_ + cast.payload.size() <= kMaxOfferedBytes;
  if (tree->local_subscribers == 0 || !room) {
    go_on(turn, std::move(cast));
  } else {
    offer(turn, std::move(cast));
  }
}

/// A walk comes to each node once. What comes again was sent twice on the way, and would be taken
/// by more than were asked for.
bool CastDesk::first_visit(const Cast& cast) {
  const Walk walk{cast.asker.id(), cast.asker.incarnation(), cast.cast};
  if (!visits_.insert(walk).second) return false;
  visits_in_order_.push_back(walk);
  if (visits_in_order_.size() > kMaxVisits) {
    visits_.erase(visits_in_order_.front());
    visits_in_order_.pop_front();
  }
  return true;
}

void CastDesk::offer(Turn& turn, Cast cast) {
  const std::uint64_t offer = ++last_offer_;
  const Duration patience = state_.config.survey_timeout / 4;
  const auto wanted = cast.wanted - static_cast<std::uint32_t>(cast.accepted.size());
  turn.emit(Offer{cast.topic, offer, wanted, turn.now() + patience, cast.payload});
  // Whoever answers at the last moment is still heard.
  offer_deadlines_.set(offer, turn.now() + 2 * patience);
  offered_bytes_ += cast.payload.size();
  offered_.emplace(offer, std::move(cast));
}

void CastDesk::answer(Turn& turn, std::uint64_t offer, std::uint32_t taken) {
  auto found = offered_.extract(offer);
  if (found.empty()) return;
  offer_deadlines_.cancel(offer);
  Cast cast = std::move(found.mapped());
  offered_bytes_ -= cast.payload.size();
  const std::size_t left = cast.wanted - cast.accepted.size();
  cast.accepted.insert(cast.accepted.end(), std::min<std::size_t>(taken, left), state_.self());
  const bool enough = cast.accepted.size() >= cast.wanted;
  if (enough) return tell_asker(turn, cast, Result::kFinal);
  if (taken > 0) tell_asker(turn, cast, Result::kSoFar);
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
  tell_asker(turn, cast, Result::kFinal);
}

/// Each acceptance is reported as it happens: when the walk is lost with a node, the asker still
/// knows who has it.
void CastDesk::tell_asker(Turn& turn, const Cast& cast, Result result) {
  const CastResult message{cast.cast, cast.accepted, result == Result::kFinal};
  if (cast.asker.id() == state_.self()) {
    on_result(turn, message);
  } else {
    turn.send(cast.asker, message);
  }
}

void CastDesk::on_result(Turn& turn, const CastResult& result) {
  const auto found = asked_.find(result.cast);
  if (found == asked_.end()) return;
  // What was sent first may come last.
  if (result.accepted.size() >= found->second.size()) found->second = result.accepted;
  if (result.done) return settle(turn, result.cast, Ending::kComplete);
  asked_deadlines_.set(result.cast, turn.now() + state_.config.survey_timeout);
}

void CastDesk::settle(Turn& turn, std::uint64_t cast, Ending ending) {
  auto found = asked_.extract(cast);
  asked_deadlines_.cancel(cast);
  turn.emit(CastDone{cast, std::move(found.mapped()), ending == Ending::kComplete});
}

void CastDesk::tick(Turn& turn) {
  for (const std::uint64_t offer : offer_deadlines_.take_due(turn.now())) answer(turn, offer, 0);
  for (const std::uint64_t cast : asked_deadlines_.take_due(turn.now())) {
    settle(turn, cast, Ending::kOutOfTime);
  }
}

}  // namespace phyllo::multicast
