#pragma once

#include <memory>
#include <optional>
#include <thread>

#include "sdk/src/connector.h"
#include "sdk/src/link.h"
#include "sdk/src/mailbox.h"
#include "sdk/src/session.h"
#include "sdk/src/waker.h"

namespace phyllo::internal {

/// The thread that owns a client's socket: moves frames between the link and the session, and keeps
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
  void run();
  void keep_connected(Instant now);
  void wait();
  void receive();
  void send(Instant now);
  void close_link();
  Instant next_wake() const;

  Session session_;
  Connector connector_;
  const Link::Limits limits_;
  const std::shared_ptr<Mailbox> mailbox_;
  const std::shared_ptr<Waker> waker_;
  std::optional<Link> link_;
  std::optional<Outgoing> stalled_;  ///< did not fit into the link
  bool more_to_receive_ = false;
  std::thread thread_;
};

}  // namespace phyllo::internal
