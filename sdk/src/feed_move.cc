// How a subscription changes from one broker to the next without a break.
#include <algorithm>
#include <utility>

#include "sdk/src/feed.h"

namespace phyllo::internal {

Subscribe Feed::begin_move() {
  const Lock lock(mutex_);
  ahead_ = Ahead{};
  // Both brokers may send for as long as the move takes: twice the bound, at most.
  const std::uint64_t credit = credit_bytes_ - std::min(credit_bytes_, stats_.waiting);
  ahead_->credit_left = static_cast<std::int64_t>(credit);
  return {id_, *topic_, policy_, credit, queue_bytes_, casts_};
}

bool Feed::deliver_ahead(Instant now, const Deliver& batch, const Payload& body) {
  const Lock lock(mutex_);
  if (phase_ == Phase::kEnded || !ahead_) return true;
  if (ahead_->credit_left <= 0 || ahead_->items.size() >= kMostItems) return false;
  ahead_->credit_left -= static_cast<std::int64_t>(body.size() + kDeliverOverhead);
  ahead_->items.push_back(Ahead::Batch{now, batch, body});
  return true;
}

bool Feed::gap_ahead(Gap gap) {
  const Lock lock(mutex_);
  if (phase_ == Phase::kEnded || !ahead_) return true;
  if (ahead_->items.size() >= kMostItems) return false;
  ahead_->items.push_back(std::move(gap));
  return true;
}

bool Feed::caught_up() const {
  const Lock lock(mutex_);
  return phase_ == Phase::kEnded ||
         (ahead_ && ahead_->position && tracker_.reach(*ahead_->position) == Reach::kReached);
}

bool Feed::behind() const {
  const Lock lock(mutex_);
  return phase_ != Phase::kEnded && ahead_ && ahead_->position &&
         tracker_.reach(*ahead_->position) == Reach::kBehind;
}

bool Feed::covered(const Stream& stream, std::uint64_t number) const {
  const Lock lock(mutex_);
  return ahead_ && ahead_->position && ahead_->position->stream == stream &&
         ahead_->position->next <= number;
}

void Feed::arrive() {
  Lock lock(mutex_);
  if (!ahead_) return;
  const Boxed<Ahead> taken = std::exchange(ahead_, std::nullopt);
  const Ahead& ahead = *taken;
  if (phase_ == Phase::kEnded) return;
  credit_left_ = ahead.credit_left;
  if (ahead.position) {
    if (const auto hole = tracker_.resume(*ahead.position)) push_hole(*hole);
  }
  for (auto& item : ahead.items) {
    if (const auto* batch = std::get_if<Ahead::Batch>(&item)) {
      accept(lock, batch->came, batch->batch, batch->body);
    } else {
      accept(std::get<Gap>(item));
    }
  }
  schedule(std::move(lock));
}

void Feed::stay() {
  const Lock lock(mutex_);
  ahead_.reset();
}

}  // namespace phyllo::internal
