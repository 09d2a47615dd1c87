#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "base/topic_name.h"
#include "broker/core/client_messages.h"
#include "broker/core/effects.h"

namespace phyllo::broker {

/// To the program.
struct Tell {
  SessionId session;
  client::BrokerFrame frame;
};
/// The session is over: close its connection once what was said before is sent.
struct Hangup {
  SessionId session;
  std::string reason;
};
/// To the forest: `Forest::set_local_subscribers`.
struct SubscribersChanged {
  TopicName topic;
  std::uint64_t count;
};
/// A question that the sessions cannot answer by themselves.
struct Asked {
  SessionId session;
  client::Query query;
};

using SessionEffect = std::variant<Tell, Hangup, SubscribersChanged, Asked>;
using SessionEffects = std::vector<SessionEffect>;

}  // namespace phyllo::broker
