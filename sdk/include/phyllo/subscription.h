#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "phyllo/message.h"
#include "phyllo/status.h"

namespace phyllo {

namespace internal {
class Feed;
}  // namespace internal

/// Counters of one subscription since it was made.
struct SubscriptionStats {
  std::uint64_t messages = 0;    ///< handed to the program
  std::uint64_t bytes = 0;       ///< payload bytes of these
  std::uint64_t gaps = 0;        ///< Gap events
  std::uint64_t missed = 0;      ///< messages covered by them
  std::uint64_t duplicates = 0;  ///< messages that came again and were dropped
  std::uint64_t waiting = 0;     ///< received bytes that the program has not handled yet
};

/// Interest in one topic; ends with the object. Made by Client::subscribe. Moves, does not copy.
/// Every call may be made from any thread and inside any callback, also after the client was closed
/// or destroyed; two threads must not move or destroy the same object at once.
class Subscription {
 public:
  /// No subscription: status() is kClosed.
  Subscription() = default;
  explicit Subscription(std::shared_ptr<internal::Feed> feed) : feed_(std::move(feed)) {}
  Subscription(Subscription&& other) noexcept = default;
  Subscription& operator=(Subscription&& other) noexcept;
  Subscription(const Subscription&) = delete;
  Subscription& operator=(const Subscription&) = delete;
  /// As unsubscribe().
  ~Subscription();

  /// True while messages arrive or will arrive again after a reconnect.
  explicit operator bool() const { return status().ok(); }
  /// Ok once the subscription has been live, also while the client is reconnecting. kUnavailable
  /// while the first answer is awaited (subscribe_async). Otherwise why it ended: kTimeout,
  /// kRefused, kInvalidArgument, kLimit, kClosed.
  Status status() const;

  /// Waits until the subscription is live (ok) or has ended (why), for subscribe_async. Ends at the
  /// latest with SubscribeOptions::timeout.
  Status wait_live();

  /// Pull style: the next message, waiting up to `timeout` for it. Nothing when the time is over or
  /// the subscription has ended (see status()) and everything received was taken. Gap handlers run
  /// inside. Several threads may pull; each message goes to one of them. Always nothing for a
  /// subscription with a message handler.
  std::optional<Message> next(std::chrono::milliseconds timeout);

  /// Ends the subscription; calling it again does nothing. On return no callback of it runs or will
  /// run, except: inside its own callback it returns at once (that callback is the last one), and a
  /// callback that does not return within ClientOptions::close_timeout is left behind. So do not
  /// hold a lock here that the callback needs.
  void unsubscribe();

  SubscriptionStats stats() const;
  /// Empty for no subscription.
  std::string topic() const;

 private:
  std::shared_ptr<internal::Feed> feed_;
};

}  // namespace phyllo
