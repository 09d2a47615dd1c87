#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>

#include "sdk/src/clock.h"
#include "sdk/src/frames.h"
#include "sdk/src/mailbox.h"

namespace phyllo::internal {

/// Questions that wait for their answer; asked again when the connection changes, until their
/// deadline. A cast is no mere question: it is sent once. The reactor's; reads no clock.
class Questions {
 public:
  using Frames = std::deque<Outgoing>;

  Questions() = default;
  Questions(Questions&&) = default;
  /// Whoever still waits is told that the client is closed.
  ~Questions();

  void ask(Instant now, Ask ask, Frames& out);
  void connected(Instant now, Frames& out);
  /// There is no connection to ask over; what was asked over the last one may still be answered.
  void disconnected() { connected_ = false; }
  /// No answers come any more to what was sent over the last connection, or over those before it.
  enum class Gone { kLast, kEarlier };
  void lost(Gone gone);
  void answered(Answer answer);
  void refused(std::uint32_t request, Status why);
  /// The answer to a ping; other nonces are none of a question's.
  void pong(Instant now, std::uint64_t nonce);
  void cast_done(const CastDone& done);

  Instant next_tick() const;
  void tick(Instant now, const Status& connection);
  void end_all(const Status& why);

 private:
  struct Waiting {
    Question question;
    Instant deadline;
    Instant sent;
    std::function<void(Reply)> reply;
    std::uint64_t connection = 0;  ///< over which it was sent; 0: not yet
  };
  void send(Instant now, std::uint32_t request, Waiting& waiting, Frames& out);
  void settle(std::uint32_t request, Reply reply);

  std::map<std::uint32_t, Waiting> waiting_;
  std::uint32_t last_request_ = 0;
  bool connected_ = false;
  std::uint64_t connection_ = 0;  ///< counts them
};

}  // namespace phyllo::internal
