#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string_view>
#include <thread>
#include <vector>

#include "sdk/src/connector.h"
#include "sdk/src/link.h"
#include "sdk/src/mailbox.h"
#include "sdk/src/session.h"
#include "sdk/src/waker.h"

namespace phyllo::internal {

/// The thread that owns a client's sockets: moves frames between links and the session, and keeps
/// the client connected. Runs no code of the program and never waits for any, so it can always be
/// joined.
class IoThread {
 public:
  IoThread(Session session, Connector connector, Link::Limits limits,
           std::shared_ptr<Mailbox> mailbox, std::shared_ptr<Waker> waker);
  /// Needs join() before, if started.
  ~IoThread() = default;

  void start();
  /// After a Shut was posted. From another thread.
  void join();
  /// Once joined: see Session::give_up.
  std::vector<std::shared_ptr<Feed>> give_up(const Status& why) { return session_.give_up(why); }

 private:
  /// A connection of the session, on its socket.
  struct Line {
    std::optional<Link> link;
    std::optional<Outgoing> ahead;    ///< taken from the session, and next to be sent
    std::optional<Outgoing> stalled;  ///< did not fit into the link
    bool more_to_receive = false;
  };
  void run();
  void keep_connected(Instant now);
  void wait();
  void receive(Slot slot);
  void open(Instant now, Slot slot, std::string_view envelope);
  void send(Instant now, Slot slot);
  std::optional<Outgoing> next_frame(Instant now, Slot slot);
  void tick(Instant now);
  bool close_ending();
  static void await_end(Link& link);
  bool linked() const;
  Instant next_wake() const;
  Line& at(Slot slot) { return lines_[static_cast<std::size_t>(slot)]; }
  const Line& at(Slot slot) const { return lines_[static_cast<std::size_t>(slot)]; }

  Session session_;
  Connector connector_;
  const Link::Limits limits_;
  const std::shared_ptr<Mailbox> mailbox_;
  const std::shared_ptr<Waker> waker_;
  std::array<Line, kSlots.size()> lines_;
  std::thread thread_;
};

}  // namespace phyllo::internal
