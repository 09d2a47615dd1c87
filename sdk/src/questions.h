#pragma once

#include <cstdint>
#include <deque>
#include <map>

#include "sdk/src/clock.h"
#include "sdk/src/frames.h"
#include "sdk/src/mailbox.h"

namespace phyllo::internal {

/// Questions that wait for their answer; asked again when the connection changes, until their
/// deadline. I/O thread only; reads no clock.
class Questions {
 public:
  using Frames = std::deque<Outgoing>;

  Questions() = default;
  Questions(Questions&&) = default;
  /// Whoever still waits is told that the client is closed.
  ~Questions();

  void ask(Instant now, Ask ask, Frames& out);
  void connected(Instant now, Frames& out);
  void disconnected() { connected_ = false; }
  void answered(Answer answer);
  void refused(std::uint32_t request, Status why);
  /// The answer to a ping; other nonces are none of a question's.
  void pong(Instant now, std::uint64_t nonce);

  Instant next_tick() const;
  void tick(Instant now, const Status& connection);
  void end_all(const Status& why);

 private:
  struct Waiting {
    Question question;
    Instant deadline;
    Instant sent;
    std::promise<Reply> reply;
  };
  void send(Instant now, std::uint32_t request, Waiting& waiting, Frames& out);
  void settle(std::uint32_t request, Reply reply);

  std::map<std::uint32_t, Waiting> waiting_;
  std::uint32_t last_request_ = 0;
  bool connected_ = false;
};

}  // namespace phyllo::internal
