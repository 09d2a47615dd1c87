#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "base/topic_name.h"
#include "broker/core/client_messages.h"
#include "broker/core/effects.h"
#include "multicast/topic_id.h"

namespace phyllo::broker {

/// To the program.
struct Tell {
  SessionId session;
  client::BrokerFrame frame;
};
/// The session is over: close its connection.
struct Hangup {
  SessionId session;
  std::string reason;
  Closing how = Closing::kOnceSent;
};
/// To the forest: `Forest::raise_local_subscribers`.
struct SubscriberAdded {
  TopicName topic;
  multicast::TopicId id;
  std::uint64_t count;
};
/// To the forest: `Forest::lower_local_subscribers`.
struct SubscriberRemoved {
  multicast::TopicId topic;
  std::uint64_t left;
};
/// To the forest: `Forest::hold_publishers`.
struct PublishersHeld {
  multicast::TopicId topic;
};
/// A question that the sessions cannot answer by themselves.
struct Asked {
  SessionId session;
  client::Query query;
};

/// To the forest: `Forest::cast`.
struct CastAsked {
  SessionId session;
  std::uint32_t request;
  TopicName topic;
  std::uint32_t wanted;
  Payload body;
};
/// To the forest: `Forest::answer_offer`.
struct OfferAnswered {
  std::uint64_t offer;
  std::uint32_t taken;
};

using SessionEffect = std::variant<Tell, Hangup, SubscriberAdded, SubscriberRemoved, Asked,
                                   CastAsked, OfferAnswered, PublishersHeld>;
using SessionEffects = std::vector<SessionEffect>;

}  // namespace phyllo::broker
