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
    : state_(state), topic_(topic), to_(std::move(to)), attempt_(state.next_attempt()) {}

std::size_t Crossing::cost(const Item& item) {
  const auto* batch = std::get_if<Batch>(&item.what);
  return batch == nullptr ? kItemOverhead : multicast::cost(*batch);
}

void Crossing::add(Turn& turn, Ordinal ordinal, Batch batch, Time since) {
  const std::size_t bytes = multicast::cost(batch);
  const bool room = bytes_ + bytes <= state_.config.crossing_bytes &&
                    state_.stats.waiting_bytes + bytes <= state_.config.bytes;
  strip_own_stays(batch);
  const bool idle = items_.empty();
  if (room) {
    push({ordinal, std::move(batch), since});
  } else {
    distrust(turn.now());
    state_.stats.dropped_messages += batch.count;
    auto* missing = items_.empty() ? nullptr : std::get_if<std::uint64_t>(&items_.back().what);
    if (missing != nullptr && sent_ < items_.size()) {
      *missing += batch.count;
    } else {
      push({ordinal, std::uint64_t{batch.count}, since});
    }
  }
  if (idle && phase_ != Phase::kWaiting) wait(turn, state_.back_off(0));
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
  forget_receipts();
}

void Crossing::restart() {
  attempt_ = state_.next_attempt();
  base_ = 0;
  sent_ = 0;
  sent_bytes_ = 0;
  phase_ = Phase::kSending;
  introduce();
}

void Crossing::wait(Turn& turn, Duration delay) { deadline_ = turn.now() + delay; }

/// Twice as long each time that a way through others failed, while none is found to work between.
void Crossing::distrust(Time now) {
  distrusted_until_ = now + state_.config.distrust * (1 << std::min(distrusts_, 3U));
  if (!route_.direct()) ++distrusts_;
}

void Crossing::reroute(const Route& route) {
  next_route_.reset();
  if (route != route_) next_route_ = route;
}

void Crossing::turn_off() {
  if (sent_ > 0 || !next_route_) return;
  route_ = *std::exchange(next_route_, std::nullopt);
  introduce();
}

bool Crossing::fits(std::size_t place, std::size_t sent_bytes) const {
  if (place == 0) return true;
  // Until the root there has taken something it may be one that takes nothing yet.
  return base_ > 0 && sent_bytes + cost(items_[place]) <= kWindowBytes;
}

Ordinal Crossing::bound() const {
  if (phase_ != Phase::kSending || next_route_) return kNoBound;
  std::size_t bytes = sent_bytes_;
  for (std::size_t place = sent_; place < items_.size(); ++place) {
    if (!fits(place, bytes)) return items_[place].ordinal;
    bytes += cost(items_[place]);
  }
  return kNoBound;
}

void Crossing::pump(Turn& turn, Ordinal bound, Convoy& convoy) {
  if (phase_ != Phase::kSending || next_route_) return;
  while (sent_ < items_.size() && items_[sent_].ordinal < bound && fits(sent_, sent_bytes_)) {
    convoy.add({items_[sent_].ordinal, to_, &route_, message(turn.now(), sent_, route_.extra),
                introduced_});
    count(items_[sent_]);
    sent_bytes_ += cost(items_[sent_++]);
  }
}

std::variant<multicast::Publish, multicast::Missing> Crossing::message(Time now, std::size_t place,
                                                                       Duration extra) const {
  const Item& item = items_[place];
  const std::uint64_t index = base_ + place;
  if (const auto* missing = std::get_if<std::uint64_t>(&item.what)) {
    const Contact& self = state_.self();
    return multicast::Missing{topic_, attempt_, index, *missing, self.id(), self.region()};
  }
  const Batch& batch = std::get<Batch>(item.what);
  multicast::Publish publish{topic_, attempt_, index, batch};
  publish.batch.stays = stays_.of(now, topic_, batch, item.since);
  // They are judged on arrival, as if sent straight there.
  for (Stay& stay : publish.batch.stays) stay.ago += extra;
  return publish;
}

void Crossing::count(Item& item) {
  const auto* batch = std::get_if<Batch>(&item.what);
  if (batch == nullptr) return;
  if (std::exchange(item.repeated, true)) {
    ++state_.stats.repeated_batches;
    return;
  }
  ++state_.stats.exported_batches;
  state_.stats.exported_messages += batch->count;
  state_.stats.exported_bytes += batch->body.size();
}

void Crossing::redirect(Turn& turn, const Contact& to, Farewell farewell) {
  const bool outlived = to.id() == to_.id() && to.incarnation() < to_.incarnation();
  if (outlived) return;
  if (to == to_) {
    // It has said again that it is the one: whoever waited for another one tries it.
    if (phase_ != Phase::kWaiting) return;
  } else if (farewell == Farewell::kPassedOn) {
    forget_receipts();
  } else {
    send_again(take_receipts(turn.now()));
  }
  to_ = to;
  restart();
  failures_ = 0;
  wait(turn, state_.back_off(0));
}

void Crossing::send_again(Receipts receipts) {
  for (auto latest = receipts.rbegin(); latest != receipts.rend(); ++latest) {
    auto& [ordinal, batch, since] = latest->item;
    const std::size_t bytes = multicast::cost(batch);
    if (state_.stats.waiting_bytes + bytes > state_.config.bytes) return;
    bytes_ += bytes;
    state_.stats.waiting_bytes += bytes;
    items_.push_front({ordinal, std::move(batch), since, true});
  }
}

void Crossing::taken(Turn& turn, std::uint64_t taken, const multicast::Reception& reception) {
  while (base_ < taken && sent_ > 0) {
    Item item = pop();
    ++base_;
    if (auto* batch = std::get_if<Batch>(&item.what)) {
      stays_.taken(turn.now(), topic_, *batch, reception.at);
      const std::size_t bytes = multicast::cost(*batch);
      state_.receipts.add(turn.now(), {topic_, to_.region()},
                          {item.ordinal, std::move(*batch), item.since}, bytes);
    }
  }
}

void Crossing::on_ack(Turn& turn, const Contact& from, const multicast::PublishAck& ack) {
  if (!answers(from, ack.attempt)) return;
  const Receipts earlier = risen(from) ? take_receipts(turn.now()) : Receipts{};
  if (risen(from)) to_ = from;
  const bool progress = ack.taken > base_;
  introduced_ = introduced_ || progress;
  taken(turn, ack.taken, ack.reception);
  if (progress) {
    failures_ = 0;
    if (!route_.direct() && trusted(turn.now())) distrusts_ = 0;
    wait(turn, state_.back_off(0));
  }
  if (phase_ == Phase::kProbing) {
    // Links keep their order: what was sent before the probe and is not there by now was lost.
    phase_ = Phase::kSending;
    sent_ = 0;
    sent_bytes_ = 0;
  }
  if (earlier.empty()) return;
  send_again(earlier);
  restart();
}

void Crossing::on_nack(Turn& turn, const Contact& from, const PublishNack& nack) {
  if (!answers(from, nack.upto.attempt)) return;
  taken(turn, nack.upto.taken, nack.upto.reception);
  // It lives, and has passed on what it took.
  const bool stepped_down = nack.reason == PublishNack::Reason::kNotRoot;
  if (stepped_down && from.incarnation() == to_.incarnation()) forget_receipts();
  restart();
  distrust(turn.now());
  if (nack.reason == PublishNack::Reason::kOutOfOrder && failures_++ == 0) {
    return wait(turn, state_.back_off(0));
  }
  // The rendezvous will name another root, or say that nobody is interested any longer.
  phase_ = Phase::kWaiting;
  const bool unsettled = nack.reason == PublishNack::Reason::kUnsettled;
  wait(turn, unsettled ? state_.config.retry / 4 : state_.back_off(failures_++));
}

void Crossing::on_dropped(Turn& turn, Attempt attempt) {
  if (attempt != attempt_ || phase_ == Phase::kWaiting) return;
  restart();
  distrust(turn.now());
  phase_ = Phase::kWaiting;
  wait(turn, state_.config.retry / 4);
}

void Crossing::tick(Turn& turn) {
  if (items_.empty() || turn.now() < deadline_) return;
  if (phase_ == Phase::kWaiting || sent_ == 0) {
    phase_ = Phase::kSending;
    return wait(turn, state_.back_off(failures_));
  }
  ++failures_;
  distrust(turn.now());
  wait(turn, state_.back_off(failures_));
  phase_ = Phase::kProbing;
  const std::size_t bytes = std::visit([&](const auto& probe) { return turn.send(to_, probe); },
                                       message(turn.now(), 0, {}));
  state_.traffic.add(to_.region(), topic_, bytes);
  count(items_.front());
}

}  // namespace phyllo::regions
