#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "broker/core/broker_stats.h"
#include "broker/core/session.h"
#include "broker/core/session_effects.h"

namespace phyllo::broker {

/// What one call to the sessions says to programs and to the layers below: appended to the effects,
/// counted, and the sessions' time of the last word kept. Lives as long as that call.
class Outbox {
 public:
  Outbox(Time now, SessionEffects& out, ClientStats& stats) : now_(now), out_(out), stats_(stats) {}

  Time now() const { return now_; }
  ClientStats& stats() { return stats_; }

  void tell(Session& session, client::BrokerFrame frame);
  /// Says no to a request, or with request 0 to the connection.
  void refuse(Session& session, Error why, std::uint32_t request);
  void ask_below(SessionEffect effect) { out_.push_back(std::move(effect)); }
  /// Counts a no that is said in another frame.
  void count_refusal(const Error& why);

  /// The session cannot go on; whoever owns the sessions ends it after this call's work is done.
  void condemn(const Session& session, Error why);
  /// Those condemned since the last call, in order.
  std::vector<std::pair<SessionId, Error>> take_condemned() {
    return std::exchange(condemned_, {});
  }

 private:
  Time now_;
  SessionEffects& out_;
  ClientStats& stats_;
  std::vector<std::pair<SessionId, Error>> condemned_;
};

}  // namespace phyllo::broker
