#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "phyllo/status.h"

namespace phyllo {

namespace internal {
class Channel;
class Outbox;
}  // namespace internal

/// Publishes to one topic. Made by Client::publisher; a cheap value, copies publish to the same
/// place. Every call may be made from any thread and inside any callback, also after the client was
/// closed or destroyed (then: kClosed).
///
/// Messages of one client to one topic arrive in the order of the `publish` calls. They are sent at
/// once when the link is idle; while it is busy they are collected and travel together.
class Publisher {
 public:
  /// Belongs to no client: every call is kClosed.
  Publisher() = default;
  Publisher(std::shared_ptr<internal::Outbox> outbox, std::shared_ptr<internal::Channel> channel,
            Status status);

  /// Ok, or why this publisher can never publish: kInvalidArgument (the topic name), kClosed.
  Status status() const;

  /// Takes a copy of the bytes and returns without waiting for the network: ok when the message
  /// will be sent as soon as there is a broker, again after reconnecting, until the topic's root
  /// has it. Errors: kInvalidArgument, kTooLarge, kQueueFull, kClosed; then nothing was taken.
  Status publish(std::string_view payload);
  /// The same, but waits up to `wait` for room instead of returning kQueueFull at once.
  Status publish(std::string_view payload, std::chrono::milliseconds wait);

  /// Waits until everything published to this topic before the call was acknowledged by the topic's
  /// root. kRefused with the first reason when some of it was refused, kTimeout, kClosed.
  Status flush(std::chrono::milliseconds timeout);

  /// How many subscribers the topic's root knew of when it last acknowledged a message of this
  /// client; 0 before. Where regions are configured: those in the broker's own one; `Client::reach`
  /// asks them all.
  std::uint64_t reach() const;
  /// Number of the last message taken by `publish`, from 1 per topic; 0: none.
  std::uint64_t published() const;
  /// Number up to which the topic's root has acknowledged.
  std::uint64_t acknowledged() const;

  /// Empty for a publisher of no client.
  std::string topic() const;

 private:
  std::shared_ptr<internal::Outbox> outbox_;
  std::shared_ptr<internal::Channel> channel_;
  Status status_ = Status(StatusCode::kClosed, "this publisher belongs to no client");
};

}  // namespace phyllo
