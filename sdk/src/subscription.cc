#include "phyllo/subscription.h"

#include "sdk/src/feed.h"

namespace phyllo {
namespace {

Status none() { return {StatusCode::kClosed, "there is no subscription"}; }

}  // namespace

Subscription& Subscription::operator=(Subscription&& other) noexcept {
  if (this != &other) {
    unsubscribe();
    feed_ = std::move(other.feed_);
  }
  return *this;
}

Subscription::~Subscription() { unsubscribe(); }

Status Subscription::status() const { return feed_ ? feed_->status() : none(); }

Status Subscription::wait_live() { return feed_ ? feed_->wait_live() : none(); }

std::optional<Message> Subscription::next(std::chrono::milliseconds timeout) {
  return feed_ ? feed_->next(timeout) : std::nullopt;
}

void Subscription::unsubscribe() {
  if (feed_) feed_->cancel();
}

SubscriptionStats Subscription::stats() const {
  return feed_ ? feed_->stats() : SubscriptionStats();
}

std::string Subscription::topic() const { return feed_ ? feed_->topic() : std::string(); }

}  // namespace phyllo
