#include "broker/core/subscription.h"

#include <algorithm>
#include <utility>

namespace phyllo::broker {
namespace {

/// Far beyond any real grant; sums of two stay within the type.
constexpr std::uint64_t kCreditMaximum = std::uint64_t{1} << 61;

std::int64_t price_of(const Payload& body) {
  return static_cast<std::int64_t>(body.size() + client::kDeliverOverhead);
}

}  // namespace

Subscription::Subscription(Session& session, client::SubscriptionNumber number,
                           multicast::TopicId topic, SlowPolicy policy, std::size_t queue_limit,
                           std::uint64_t credit, Casts casts)
    : session_(&session),
      topic_(topic),
      queue_limit_(queue_limit),
      number_(number),
      policy_(policy),
      casts_(casts) {
  add_credit(credit);
}

void Subscription::add_credit(std::uint64_t bytes) {
  const auto more = static_cast<std::int64_t>(std::min(bytes, kCreditMaximum));
  credit_ = std::min(credit_ + more, static_cast<std::int64_t>(kCreditMaximum));
}

void Subscription::charge(const Payload& body) { credit_ -= price_of(body); }

bool Subscription::keep(multicast::StreamBatch batch, const LossPlace& here) {
  return backlog().push(std::move(batch), here);
}

bool Subscription::keep_gap(multicast::Gap gap) { return backlog().push_gap(std::move(gap)); }

std::optional<Backlog::Item> Subscription::next() {
  if (backlog_ == nullptr || credit_ <= 0) return std::nullopt;
  Backlog::Item item = backlog_->pop();
  if (const auto* batch = std::get_if<multicast::StreamBatch>(&item)) {
    charge(batch->batch.body);
  }
  if (backlog_->empty()) backlog_.reset();
  return item;
}

Backlog& Subscription::backlog() {
  if (backlog_ == nullptr) backlog_ = std::make_unique<Backlog>(policy_, queue_limit_);
  return *backlog_;
}

}  // namespace phyllo::broker
