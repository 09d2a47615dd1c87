#pragma once

#include <array>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <vector>

#include "sdk/src/baton.h"
#include "sdk/src/connector.h"
#include "sdk/src/link.h"
#include "sdk/src/mailbox.h"
#include "sdk/src/poller.h"
#include "sdk/src/sender.h"
#include "sdk/src/session.h"
#include "sdk/src/waker.h"

namespace phyllo::internal {

/// Owns a client's sockets: moves frames between links and the session, and keeps the client
/// connected. Threads lend themselves to it with `serve`; one at a time has its turn. Runs no code
/// of the program and never waits for any, so it ends as long as one thread is left to serve.
class Reactor : public Sender {
 public:
  Reactor(Session session, Connector connector, Link::Limits limits,
          std::shared_ptr<Mailbox> mailbox, std::shared_ptr<Waker> waker);

  /// Waits for news and, unless another thread is at it, has one turn. True: there is more to do;
  /// the caller is to come again at once or to wake another thread. Any number of threads.
  bool serve();

  void send_due() noexcept override;

  /// After a Shut was posted: waits for the end of all connections. Not on a thread without which
  /// nobody would serve.
  void join();
  /// Once joined: see Session::give_up.
  std::vector<std::shared_ptr<Feed>> give_up(const Status& why) { return session_.give_up(why); }

 private:
  /// A connection of the session, on its socket.
  struct Line {
    std::optional<Link> link;
    std::optional<Link::Received> next;  ///< for the next turn
    std::optional<Outgoing> ahead;       ///< taken from the session, and next to be sent
    std::optional<Outgoing> stalled;     ///< did not fit into the link
  };
  enum class After { kOn, kOver };
  After turn(Baton::News news);
  void finish();
  void keep_connected(Instant now);
  void connect(Instant now, Slot slot);
  void disconnect(Slot slot);
  void receive(Slot slot);
  void open(Instant now, Slot slot, std::string_view envelope);
  void send(Instant now, Slot slot);
  std::optional<Outgoing> next_frame(Instant now, Slot slot);
  void tick(Instant now);
  bool close_ending();
  static void await_end(Link& link);
  bool linked() const;
  void settle();
  Instant next_wake() const;
  Line& at(Slot slot) { return lines_[static_cast<std::size_t>(slot)]; }
  const Line& at(Slot slot) const { return lines_[static_cast<std::size_t>(slot)]; }

  Session session_;
  Connector connector_;
  const Link::Limits limits_;
  const std::shared_ptr<Mailbox> mailbox_;
  const std::shared_ptr<Waker> waker_;
  Poller poller_;
  std::array<Line, kSlots.size()> lines_;
  Baton baton_;  ///< whose holder has all of the above

  std::mutex mutex_;
  std::condition_variable finished_changed_;
  bool finished_ = false;  ///< under the lock
};

}  // namespace phyllo::internal
