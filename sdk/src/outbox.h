#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <queue>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/random.h"
#include "phyllo/client_options.h"
#include "phyllo/client_stats.h"
#include "phyllo/status.h"
#include "sdk/src/channel.h"
#include "sdk/src/clock.h"
#include "sdk/src/frames.h"
#include "sdk/src/pace.h"
#include "sdk/src/sender.h"
#include "sdk/src/waker.h"

namespace phyllo::internal {

/// Everything a client publishes, all topics together, within one limit of bytes, of which a flood
/// of one topic leaves some to the others. Programs put in from any thread; the reactor takes
/// batches out, topic by topic in turn, as far as the broker's window allows. Thread-safe: one
/// lock, held for no longer than an append.
class Outbox {
 public:
  struct Limits {
    std::size_t queue_bytes = 0;
    std::size_t message_bytes = 0;
  };
  /// `seed` makes the publisher id.
  Outbox(Limits limits, std::uint64_t seed, std::shared_ptr<Waker> waker);

  /// Where a message on its own goes at once; `close` lets go of it. Until it is told, all is left
  /// to the thread that the waker wakes.
  void send_through(std::shared_ptr<Sender> sender);

  // --- programs ---
  /// The channel of a valid topic name; kClosed.
  StatusOr<std::shared_ptr<Channel>> channel(const std::string& topic);
  Status publish(Channel& channel, std::string_view payload, std::chrono::milliseconds wait);
  /// Of one channel, or of all.
  Status flush(const std::shared_ptr<Channel>& channel, std::chrono::milliseconds timeout);
  Status flush_all(std::chrono::milliseconds timeout);
  /// Takes nothing more; what is there can still be flushed.
  void refuse_more();
  /// Ends every wait with kClosed.
  void close();
  /// The client could not be opened: every call says `why`.
  void never_open(Status why);

  /// Ok while it takes messages.
  Status status() const;
  std::uint64_t reach(const Channel& channel) const;
  std::uint64_t published(const Channel& channel) const;
  std::uint64_t acknowledged(const Channel& channel) const;
  /// Adds its counters.
  void count(ClientStats& stats) const;

  // --- the reactor ---
  /// A broker said welcome: `take` gives batches until `window` body bytes are under way.
  void connected(std::size_t window, std::size_t max_message_bytes);
  /// The connection is lost: everything unacknowledged will be taken again, in order.
  void disconnected();
  /// The broker is leaving: nothing more goes to it.
  void hold();
  bool nothing_flies() const;
  std::optional<Publication> take(Instant now);
  /// Batches that have been collected long enough go.
  void tick(Instant now);
  /// When the first of them has; kNoDeadline.
  Instant next_tick();
  /// What the acknowledgement refused, if it did.
  std::optional<PublishRefused> acknowledge(Instant now, const PublishAck& ack);

 private:
  using Lock = std::unique_lock<std::mutex>;
  struct Collecting {
    Instant until;
    std::shared_ptr<Channel> channel;
    /// The channel collects no more, or once more.
    bool is_void() const { return channel->collects_until() != until; }
    bool operator<(const Collecting& other) const { return until > other.until; }
  };
  using Targets = std::vector<std::pair<std::shared_ptr<Channel>, std::uint64_t>>;
  bool has_room(const Channel& channel, std::size_t cost) const;
  Status wait_for_room(Lock& lock, const Channel& channel, std::size_t size, Instant deadline);
  Status wait_for(Lock& lock, const Targets& targets, Instant deadline);
  Status too_large(std::size_t size) const;
  bool admits(std::size_t bytes) const;
  std::size_t batch_bytes(const Channel& channel) const;
  void enter_ring(Channel& channel);
  Instant collect(Channel& channel);
  void forget_idle();

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t waiters_ = 0;
  const std::shared_ptr<Waker> waker_;
  std::shared_ptr<Sender> sender_;  ///< may hold this outbox
  Limits limits_;
  Random random_;
  std::uint64_t publisher_;
  std::unordered_map<std::string, std::shared_ptr<Channel>> channels_;
  std::size_t forget_at_;
  std::deque<Channel*> ring_;  ///< channels with something due, each once; owned by channels_
  std::priority_queue<Collecting> collecting_;  ///< channels with something collected, next first
  bool accepting_ = true;
  bool closed_ = false;
  bool sending_ = false;  ///< there is a broker to send to
  std::size_t window_ = 0;
  Pace pace_;
  std::size_t broker_message_bytes_ = 0;  ///< 0: not known yet
  std::size_t queued_bytes_ = 0;
  std::size_t flying_bytes_ = 0;
  std::size_t flying_batches_ = 0;
  ClientStats counted_;
  Status closed_why_{StatusCode::kClosed, "the client is closed"};
};

}  // namespace phyllo::internal
