#include "regions/crossing.h"

#include <algorithm>
#include <utility>

namespace phyllo::regions {

using multicast::Batch;
using multicast::PublishNack;
using multicast::Stay;
using overlay::Contact;

namespace {

/// Under way and not acknowledged, at most: enough for a fast long link.
constexpr std::size_t kWindowBytes = 4 << 20;
constexpr std::size_t kItemOverhead = 64;
constexpr std::size_t kMaxPublishers = 4096;

}  // namespace

Crossing::Crossing(BordersState& state, const TopicId& topic, Contact to)
    : state_(state),
      topic_(topic),
      to_(std::move(to)),
      receipts_(state),
      attempt_(state.next_attempt()) {}

std::size_t Crossing::cost(const Item& item) {
  const auto* batch = std::get_if<Batch>(&item.what);
  return batch == nullptr ? kItemOverhead : multicast::cost(*batch);
}

void Crossing::add(Turn& turn, Batch batch, Time since) {
  const std::size_t bytes = multicast::cost(batch);
  const bool room = bytes_ + bytes <= state_.config.crossing_bytes &&
                    state_.stats.waiting_bytes + bytes <= state_.config.bytes;
  strip_own_stays(batch);
  const bool idle = items_.empty();
  if (room) {
    push({std::move(batch), since});
  } else {
    state_.stats.dropped_messages += batch.count;
    auto* missing = items_.empty() ? nullptr : std::get_if<std::uint64_t>(&items_.back().what);
    if (missing != nullptr && sent_ < items_.size()) {
      *missing += batch.count;
    } else {
      push({std::uint64_t{batch.count}, since});
    }
  }
  if (idle && phase_ != Phase::kWaiting) wait(turn, state_.back_off(0));
  pump(turn);
}

/// What went to this root's streams before this crossing was there did not go this way, and that
/// may be news to who reads there.
void Crossing::strip_own_stays(Batch& batch) {
  if (since_.size() == kMaxPublishers && !since_.contains(batch.publisher)) {
    since_.erase(since_.begin());
  }
  const auto first = since_.try_emplace(batch.publisher, batch.publisher_first).first->second;
  const Contact& self = state_.self();
  const auto own = [&](const Stay& stay) {
    return stay.stream.root == self.id() && stay.stream.incarnation == self.incarnation();
  };
  std::erase_if(batch.stays, [&](const Stay& stay) { return own(stay) && stay.first >= first; });
  for (Stay& stay : batch.stays) {
    if (own(stay)) stay.last = std::min(stay.last, first - 1);
  }
}

void Crossing::push(Item item) {
  const std::size_t bytes = cost(item);
  bytes_ += bytes;
  state_.stats.waiting_bytes += bytes;
  items_.push_back(std::move(item));
}

Crossing::Item Crossing::pop() {
  Item item = std::move(items_.front());
  const std::size_t bytes = cost(item);
  bytes_ -= bytes;
  state_.stats.waiting_bytes -= bytes;
  if (sent_ > 0) {
    --sent_;
    sent_bytes_ -= bytes;
  }
  items_.pop_front();
  return item;
}

void Crossing::close() {
  while (!items_.empty()) pop();
  receipts_.clear();
}

void Crossing::restart() {
  attempt_ = state_.next_attempt();
  base_ = 0;
  sent_ = 0;
  sent_bytes_ = 0;
  phase_ = Phase::kSending;
}

void Crossing::wait(Turn& turn, Duration delay) { deadline_ = turn.now() + delay; }

void Crossing::pump(Turn& turn) {
  if (phase_ != Phase::kSending) return;
  while (sent_ < items_.size()) {
    const std::size_t bytes = cost(items_[sent_]);
    if (sent_ > 0 && sent_bytes_ + bytes > kWindowBytes) return;
    transmit(turn, sent_);
    ++sent_;
    sent_bytes_ += bytes;
  }
}

void Crossing::transmit(Turn& turn, std::size_t place) {
  Item& item = items_[place];
  const std::uint64_t index = base_ + place;
  if (const auto* missing = std::get_if<std::uint64_t>(&item.what)) {
    const Contact& self = state_.self();
    turn.send(to_, multicast::Missing{topic_, attempt_, index, *missing, self.id(), self.region()});
    return;
  }
  const Batch& batch = std::get<Batch>(item.what);
  multicast::Publish publish{topic_, attempt_, index, batch};
  publish.batch.stays = stays_.of(turn.now(), topic_, batch, item.since);
  state_.traffic.add(to_.region(), topic_, turn.send(to_, publish));
  if (std::exchange(item.repeated, true)) {
    ++state_.stats.repeated_batches;
    return;
  }
  ++state_.stats.exported_batches;
  state_.stats.exported_messages += batch.count;
  state_.stats.exported_bytes += batch.body.size();
}

void Crossing::redirect(Turn& turn, const Contact& to, Farewell farewell) {
  if (to == to_) {
    // It has said again that it is the one: whoever waited for another one tries it.
    if (phase_ != Phase::kWaiting) return;
  } else if (farewell == Farewell::kPassedOn) {
    receipts_.clear();
  } else {
    send_again(turn);
  }
  to_ = to;
  restart();
  failures_ = 0;
  wait(turn, state_.back_off(0));
  pump(turn);
}

void Crossing::send_again(Turn& turn) {
  std::vector<Receipts::Kept> kept = receipts_.take(turn.now());
  for (auto latest = kept.rbegin(); latest != kept.rend(); ++latest) {
    const std::size_t bytes = multicast::cost(latest->batch);
    if (state_.stats.waiting_bytes + bytes > state_.config.bytes) return;
    bytes_ += bytes;
    state_.stats.waiting_bytes += bytes;
    items_.push_front({std::move(latest->batch), latest->since, true});
  }
}

void Crossing::taken(Turn& turn, std::uint64_t taken, const multicast::Reception& reception) {
  while (base_ < taken && sent_ > 0) {
    Item item = pop();
    ++base_;
    if (auto* batch = std::get_if<Batch>(&item.what)) {
      stays_.taken(turn.now(), topic_, *batch, reception.at);
      receipts_.add(turn.now(), {std::move(*batch), item.since});
    }
  }
}

void Crossing::on_ack(Turn& turn, const Contact& from, const multicast::PublishAck& ack) {
  if (from.id() != to_.id() || ack.attempt != attempt_) return;
  const bool progress = ack.taken > base_;
  taken(turn, ack.taken, ack.reception);
  if (progress) {
    failures_ = 0;
    wait(turn, state_.back_off(0));
  }
  if (phase_ == Phase::kProbing) {
    // Links keep their order: what was sent before the probe and is not there by now was lost.
    phase_ = Phase::kSending;
    sent_ = 0;
    sent_bytes_ = 0;
  }
  pump(turn);
}

void Crossing::on_nack(Turn& turn, const Contact& from, const PublishNack& nack) {
  if (from.id() != to_.id() || nack.upto.attempt != attempt_) return;
  taken(turn, nack.upto.taken, nack.upto.reception);
  // It lives, and has passed on what it took.
  const bool stepped_down = nack.reason == PublishNack::Reason::kNotRoot;
  if (stepped_down && from.incarnation() == to_.incarnation()) receipts_.clear();
  restart();
  if (nack.reason == PublishNack::Reason::kOutOfOrder && failures_++ == 0) {
    wait(turn, state_.back_off(0));
    return pump(turn);
  }
  // The rendezvous will name another root, or say that nobody is interested any longer.
  phase_ = Phase::kWaiting;
  const bool unsettled = nack.reason == PublishNack::Reason::kUnsettled;
  wait(turn, unsettled ? state_.config.retry / 4 : state_.back_off(failures_++));
}

void Crossing::on_dropped(Turn& turn, Attempt attempt) {
  if (attempt != attempt_ || phase_ == Phase::kWaiting) return;
  restart();
  phase_ = Phase::kWaiting;
  wait(turn, state_.config.retry / 4);
}

void Crossing::tick(Turn& turn) {
  if (items_.empty() || turn.now() < deadline_) return;
  if (phase_ == Phase::kWaiting || sent_ == 0) {
    phase_ = Phase::kSending;
    wait(turn, state_.back_off(failures_));
    return pump(turn);
  }
  ++failures_;
  wait(turn, state_.back_off(failures_));
  phase_ = Phase::kProbing;
  transmit(turn, 0);
}

}  // namespace phyllo::regions
