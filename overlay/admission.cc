#include "overlay/admission.h"

#include <algorithm>

namespace phyllo::overlay {
namespace {

constexpr std::size_t kMaxLately = 64;
constexpr int kCheckAfter = 3;    // × probe_timeout
constexpr int kGiveUpAfter = 40;  // × probe_timeout

std::uint64_t attempt_of(const Parcel& parcel) {
  return std::get<JoinRequest>(parcel.cargo).attempt;
}

}  // namespace

void Admission::request(Turn& turn, Parcel parcel) {
  const NodeId joiner = parcel.origin.id();
  if (slot_ && slot_->joiner.id() == joiner) {
    if (slot_->attempt == attempt_of(parcel)) return accept(turn, parcel);
    slot_.reset();  // it began anew
  }
  if (!admitted_lately(joiner, attempt_of(parcel)) && doubted(turn, parcel)) return;
  if (slot_) return enqueue(queue_, std::move(parcel));
  admit(turn, std::move(parcel));
}

void Admission::admit(Turn& turn, Parcel parcel) {
  const Duration wait = kCheckAfter * view_.config.timers.probe_timeout;
  slot_ = Slot{parcel.origin, attempt_of(parcel), turn.now, turn.now + wait};
  lately_.emplace_back(parcel.origin.id(), attempt_of(parcel));
  if (lately_.size() > kMaxLately) lately_.erase(lately_.begin());
  ++view_.stats.joins_admitted;
  accept(turn, parcel);
}

void Admission::accept(Turn& turn, const Parcel& parcel) {
  const auto& request = std::get<JoinRequest>(parcel.cargo);
  JoinAccepted reply{request.attempt, view_.leaves.members(), request.rows, request.coordinates};
  std::erase_if(reply.leaves, [&](const Contact& c) { return c.id() == parcel.origin.id(); });
  reply.leaves.insert(reply.leaves.begin(), view_.self);
  turn.out.push_back(Send{parcel.origin, std::move(reply)});
}

bool Admission::admitted_lately(NodeId joiner, std::uint64_t attempt) const {
  return std::find(lately_.begin(), lately_.end(), std::pair(joiner, attempt)) != lately_.end();
}

bool Admission::doubted(Turn& turn, Parcel& parcel) {
  const Contact& joiner = parcel.origin;
  const Contact* known = view_.last_known(joiner.id());
  if (!known) return false;
  const bool elsewhere = known->place() != joiner.place();
  if (elsewhere && view_.living(joiner.id())) {
    prober_.probe(
        turn, *known,
        view_.leaves.find(joiner.id()) ? Prober::Purpose::kLeafSet : Prober::Purpose::kTable);
    enqueue(doubtful_, std::move(parcel));
    return true;
  }
  if (joiner.incarnation() > known->incarnation()) return false;
  turn.out.push_back(
      Send{joiner, JoinRefused{attempt_of(parcel), JoinRefused::Reason::kKnownInLaterLife,
                               known->incarnation(), std::nullopt}});
  return true;
}

void Admission::enqueue(std::vector<Parcel>& queue, Parcel parcel) {
  std::erase_if(queue, [&](const Parcel& p) { return p.origin.id() == parcel.origin.id(); });
  if (queue.size() < kMaxQueue) queue.push_back(std::move(parcel));
}

void Admission::became_active(NodeId peer) {
  if (slot_ && slot_->joiner.id() == peer) slot_.reset();
}

void Admission::alive(Turn& turn, NodeId peer) {
  for (auto it = doubtful_.begin(); it != doubtful_.end();) {
    const Contact* holder = view_.last_known(peer);
    if (it->origin.id() != peer || !holder || it->origin.place() == holder->place()) {
      ++it;
      continue;
    }
    turn.out.push_back(Send{it->origin, JoinRefused{attempt_of(*it), JoinRefused::Reason::kIdTaken,
                                                    holder->incarnation(), *holder}});
    it = doubtful_.erase(it);
  }
}

void Admission::gone(NodeId peer) {
  if (slot_ && slot_->joiner.id() == peer) slot_.reset();
  for (auto it = doubtful_.begin(); it != doubtful_.end();) {
    if (it->origin.id() != peer) {
      ++it;
      continue;
    }
    next_.push_back(std::move(*it));
    it = doubtful_.erase(it);
  }
}

std::vector<Parcel> Admission::take_next() {
  if (!slot_ && !queue_.empty()) {
    next_.push_back(std::move(queue_.front()));
    queue_.erase(queue_.begin());
  }
  return std::exchange(next_, {});
}

void Admission::tick(Turn& turn) {
  if (!slot_ || slot_->check_at > turn.now) return;
  const Duration unit = view_.config.timers.probe_timeout;
  if (turn.now - slot_->since > kGiveUpAfter * unit) {
    slot_.reset();
    return;
  }
  prober_.probe(turn, slot_->joiner, Prober::Purpose::kLeafSet);
  slot_->check_at = turn.now + kCheckAfter * unit;
}

}  // namespace phyllo::overlay
