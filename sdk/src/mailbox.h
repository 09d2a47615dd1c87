#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>
#include <variant>
#include <vector>

#include "phyllo/borders_info.h"
#include "phyllo/cast.h"
#include "phyllo/peers_info.h"
#include "phyllo/status.h"
#include "phyllo/tree_info.h"
#include "sdk/src/clock.h"
#include "sdk/src/frames.h"
#include "sdk/src/waker.h"

namespace phyllo::internal {

class Feed;

/// What a question to the broker comes to: not ok, or the answer that fits the question.
using Reply =
    std::variant<Status, TreeInfo, PeersInfo, BordersInfo, std::chrono::microseconds, CastOutcome>;

/// A new subscription, to be made live.
struct Join {
  std::shared_ptr<Feed> feed;
};
/// The program is no longer interested.
struct Leave {
  std::uint32_t subscription = 0;
};
/// Enough was consumed to grant credit.
struct CreditDue {
  std::uint32_t subscription = 0;
};
struct Ask {
  Question question;
  Instant deadline;
  std::function<void(Reply)> reply;  ///< called once, in a turn of the reactor or by who closes
};
/// Say goodbye and stop.
struct Shut {};

using Command = std::variant<Join, Leave, CreditDue, Ask, Shut>;

/// What programs ask of the reactor, in order. Thread-safe. Bounded by what programs hold: each
/// subscription has at most one Join, Leave and CreditDue in it, each question without an answer
/// one Ask.
class Mailbox {
 public:
  explicit Mailbox(std::shared_ptr<Waker> waker) : waker_(std::move(waker)) {}

  /// False when the reactor is done: nobody will read it.
  bool post(Command command) {
    {
      const std::lock_guard lock(mutex_);
      if (closed_) return false;
      commands_.push_back(std::move(command));
    }
    waker_->wake();
    return true;
  }

  std::vector<Command> take_all() {
    const std::lock_guard lock(mutex_);
    return std::exchange(commands_, {});
  }

  /// Takes no more; returns what nobody read.
  std::vector<Command> close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    return std::exchange(commands_, {});
  }

 private:
  const std::shared_ptr<Waker> waker_;
  std::mutex mutex_;
  std::vector<Command> commands_;
  bool closed_ = false;
};

}  // namespace phyllo::internal
