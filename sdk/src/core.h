#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "phyllo/client.h"
#include "sdk/src/connection_state.h"
#include "sdk/src/counters.h"
#include "sdk/src/dispatcher.h"
#include "sdk/src/events.h"
#include "sdk/src/feed.h"
#include "sdk/src/mailbox.h"
#include "sdk/src/outbox.h"
#include "sdk/src/reactor.h"

namespace phyllo::internal {

/// What a Client is: puts the parts together and takes them apart again. Thread-safe. Each part is
/// shared with the handles that need it, so that these may outlive the client.
class Core {
 public:
  Core(std::vector<std::string> brokers, ClientOptions options);
  /// Closes without waiting, if nobody did.
  ~Core();

  Publisher publisher(std::string_view topic);
  Subscription subscribe(std::string_view topic, MessageHandler handler, StatusHandler on_done,
                         SubscribeOptions options);
  Status flush(std::chrono::milliseconds timeout) { return outbox_->flush_all(timeout); }
  Status close(std::chrono::milliseconds timeout);
  Status status() const { return state_->status(); }
  std::optional<BrokerInfo> broker() const { return state_->broker(); }
  Status wait_connected(std::chrono::milliseconds timeout) {
    return state_->wait_connected(deadline_after(Clock::now(), timeout));
  }
  ClientStats stats() const;
  Reply ask(Question question, std::chrono::milliseconds timeout);
  Reply cast(std::string_view topic, std::uint32_t wanted, std::string_view payload,
             std::chrono::milliseconds timeout);
  void cast_async(std::string_view topic, std::uint32_t wanted, std::string_view payload,
                  std::chrono::milliseconds timeout, CastHandler on_done);
  std::chrono::milliseconds close_timeout() const { return close_timeout_; }

 private:
  /// What to ask the broker, or why it cannot be asked.
  StatusOr<CastQuestion> check_cast(std::string_view topic, std::uint32_t wanted,
                                    std::string_view payload) const;
  struct Seeds {
    std::uint64_t outbox;
    std::uint64_t connector;
  };
  Core(std::vector<std::string> brokers, ClientOptions options, Seeds seeds);
  void start(std::vector<std::string> brokers, const ClientOptions& options, std::uint64_t seed);
  Status tear_down(Instant deadline);
  void end_left_over(std::vector<Command> commands);
  std::shared_ptr<Feed> dead_feed(Feed::Setup setup, Status why);

  const std::chrono::milliseconds close_timeout_;
  const std::chrono::milliseconds subscribe_timeout_;
  const std::size_t max_message_bytes_;
  const std::shared_ptr<Waker> waker_;
  const std::shared_ptr<Outbox> outbox_;
  const std::shared_ptr<Mailbox> mailbox_;
  const std::shared_ptr<Dispatcher> dispatcher_;
  const std::shared_ptr<Events> events_;
  const std::shared_ptr<ConnectionState> state_;
  const std::shared_ptr<Counters> counters_;
  std::shared_ptr<Reactor> reactor_;  ///< none: the options were invalid
  std::atomic<std::uint32_t> last_subscription_{0};

  std::mutex closing_mutex_;
  std::condition_variable closed_changed_;
  enum class Closing { kOpen, kUnderWay, kDone } closing_ = Closing::kOpen;
  Status close_status_;
};

}  // namespace phyllo::internal
