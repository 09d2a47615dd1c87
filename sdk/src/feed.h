#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <variant>

#include "base/boxed.h"
#include "base/fifo.h"
#include "base/payload.h"
#include "phyllo/subscribe_options.h"
#include "phyllo/subscription.h"
#include "sdk/src/batch_cursor.h"
#include "sdk/src/clock.h"
#include "sdk/src/dispatcher.h"
#include "sdk/src/events.h"
#include "sdk/src/frames.h"
#include "sdk/src/mailbox.h"
#include "sdk/src/stream_tracker.h"

namespace phyllo::internal {

/// One subscription between the reactor, which fills it, and the program, which empties it by
/// callbacks or by pulling. Holds what was received and not handled, within the credit it granted.
/// Thread-safe.
class Feed : public Work, public std::enable_shared_from_this<Feed> {
 public:
  struct Setup {
    std::uint32_t id = 0;
    std::string topic;
    MessageHandler on_message;  ///< none: pull style
    StatusHandler on_done;
    SubscribeOptions options;
    Instant deadline = kNoDeadline;         ///< for becoming live
    std::chrono::milliseconds patience{0};  ///< with a running callback
  };
  Feed(Setup setup, std::shared_ptr<Mailbox> mailbox, std::shared_ptr<Dispatcher> dispatcher,
       std::shared_ptr<Events> events);

  std::uint32_t id() const { return id_; }
  const std::string& topic() const { return *topic_; }
  Instant deadline() const { return deadline_; }

  // --- the reactor ---
  /// What to ask a broker for that knows nothing of this subscription yet.
  Subscribe begin_session();
  void live(Instant now, const std::optional<Position>& position);
  /// False: the broker sent more than it had credit for. `body` was checked.
  bool deliver(Instant now, const Deliver& batch, const Payload& body);
  bool gap(Gap gap);
  /// An any- or manycast, from the broker that serves or from the next one. False: it cannot be
  /// taken. `body` was checked. Casts have no place in the order of the other messages.
  enum class From { kServing, kNext };
  bool take_cast(From from, const Payload& body);
  /// Credit to grant now, to whoever delivers.
  std::uint64_t take_credit();
  /// No more will come. Keeps what was received.
  void end(Status why);
  /// Lets go of the handlers of callback style. Not in a turn of the reactor.
  void release_handlers();

  // --- the reactor, while the client moves to another broker ---
  /// What to ask the next broker for, while the one before still delivers. What the next one then
  /// sends (`live` and these two) is kept until `arrive`.
  Subscribe begin_move();
  bool deliver_ahead(Instant now, const Deliver& batch, const Payload& body);
  bool gap_ahead(Gap gap);
  /// Whether the broker before has delivered everything that comes before what the next one sends.
  bool caught_up() const;
  /// Whether it is known that it has not.
  bool behind() const;
  /// Whether the next broker delivers everything from this number of the stream on.
  bool covered(const Stream& stream, std::uint64_t number) const;
  /// From now on the next broker is the one that delivers.
  void arrive();
  /// The next broker is no more; the one before still is.
  void stay();

  // --- the program ---
  Status status() const;
  Status wait_live();
  std::optional<Message> next(std::chrono::milliseconds timeout);
  void cancel();
  SubscriptionStats stats() const;

  bool run() noexcept override;

 private:
  /// More than any broker has reason to send ahead of its credit: gaps cost none.
  static constexpr std::size_t kMostItems = 1 << 20;
  enum class Phase { kPending, kLive, kEnded };
  struct Handlers {
    MessageHandler message;
    GapHandler gap;
    StatusHandler done;
  };
  using Item = std::variant<BatchCursor, Gap>;
  using Lock = std::unique_lock<std::mutex>;
  /// What the next broker has sent while the one before delivers.
  struct Ahead {
    struct Batch {
      Instant came;
      Deliver batch;
      Payload body;
    };
    std::int64_t credit_left = 0;
    std::optional<Position> position;  ///< where it begins, once it said so
    Fifo<std::variant<Batch, Gap>> items;
  };

  bool accept(Lock& lock, Instant now, const Deliver& batch, const Payload& body);
  bool accept(Gap gap);
  bool push_hole(const Hole& hole);
  bool push(Item item);
  void schedule(Lock lock);
  void settle(Lock lock, Phase phase, Status status);
  Fifo<Item> take_some();
  /// What a program is done with.
  struct Consumed {
    std::uint64_t cost = 0;
    std::uint64_t messages = 0;
    std::uint64_t bytes = 0;
  };
  Consumed hand_over(BatchCursor& batch, const Handlers& handlers);
  void hand_over(const Gap& gap, const Handlers& handlers);
  std::uint64_t credit_due() const;
  void consumed(const Consumed& what);
  bool count(const Consumed& what);
  std::optional<Message> take_message(Lock& lock);
  void wait_for_callback();

  const std::uint32_t id_;
  const std::shared_ptr<const std::string> topic_;
  const bool pulls_;
  const SlowPolicy policy_;
  const Casts casts_;
  const std::size_t queue_bytes_;
  const std::uint64_t credit_bytes_;
  const Instant deadline_;
  const std::chrono::milliseconds patience_;
  const std::shared_ptr<Mailbox> mailbox_;
  const std::shared_ptr<Dispatcher> dispatcher_;
  const std::shared_ptr<Events> events_;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::shared_ptr<const Handlers> handlers_;
  Phase phase_ = Phase::kPending;
  Status status_;
  std::optional<Status> done_due_;
  std::atomic<bool> cancelled_{false};
  bool scheduled_ = false;
  std::thread::id running_;  ///< the thread inside `run`
  StreamTracker tracker_;
  Fifo<Item> items_;
  std::int64_t credit_left_ = 0;   ///< what the broker may still send
  Boxed<Ahead> ahead_;             ///< during a move
  bool credit_announced_ = false;  ///< a CreditDue is in the mailbox
  SubscriptionStats stats_;
};

}  // namespace phyllo::internal
