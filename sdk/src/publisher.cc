#include "phyllo/publisher.h"

#include <utility>

#include "sdk/src/outbox.h"

namespace phyllo {

Publisher::Publisher(std::shared_ptr<internal::Outbox> outbox,
                     std::shared_ptr<internal::Channel> channel, Status status)
    : outbox_(std::move(outbox)), channel_(std::move(channel)), status_(std::move(status)) {}

Status Publisher::status() const {
  if (!channel_) return status_;
  return outbox_->status();
}

Status Publisher::publish(std::string_view payload) {
  return publish(payload, std::chrono::milliseconds::zero());
}

Status Publisher::publish(std::string_view payload, std::chrono::milliseconds wait) {
  return channel_ ? outbox_->publish(*channel_, payload, wait) : status_;
}

Status Publisher::flush(std::chrono::milliseconds timeout) {
  return channel_ ? outbox_->flush(channel_, timeout) : status_;
}

std::uint64_t Publisher::reach() const { return channel_ ? outbox_->reach(*channel_) : 0; }

std::uint64_t Publisher::published() const { return channel_ ? outbox_->published(*channel_) : 0; }

std::uint64_t Publisher::acknowledged() const {
  return channel_ ? outbox_->acknowledged(*channel_) : 0;
}

std::string Publisher::topic() const { return channel_ ? channel_->topic() : std::string(); }

}  // namespace phyllo
