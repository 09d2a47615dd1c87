#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/payload.h"
#include "base/stays.h"
#include "phyllo/borders_info.h"
#include "phyllo/cast.h"
#include "phyllo/gap.h"
#include "phyllo/message.h"
#include "phyllo/peers_info.h"
#include "phyllo/status.h"
#include "phyllo/subscribe_options.h"
#include "phyllo/tree_info.h"

/// What a program and its broker say to each other (proto/phyllo/v1/client.proto explains each) as
/// plain values.
namespace phyllo::internal {

inline constexpr std::uint32_t kProtocolVersion = 3;
/// What a Deliver costs of a subscription's credit beside its body's bytes.
inline constexpr std::uint64_t kDeliverOverhead = 64;
/// A publication may be at most this many messages; numbers stay below 2⁶³.
inline constexpr std::uint64_t kMaxNumber = std::uint64_t{1} << 63;

/// One ZeroMQ message on its way to the broker.
struct Outgoing {
  std::string header;
  std::optional<Payload> body;
};

// --- to the broker ---

struct Subscribe {
  std::uint32_t subscription = 0;
  std::string topic;
  SlowPolicy policy = SlowPolicy::kBrokerDefault;
  std::uint64_t credit_bytes = 0;
  std::uint64_t queue_bytes = 0;
  Casts casts = Casts::kIgnore;
};
struct Publication {
  std::string topic;
  std::uint64_t publisher = 0;
  std::uint64_t first = 0;
  std::uint32_t count = 0;
  Payload body;
  std::vector<Stay<Stream>> stays = {};
  std::uint64_t last() const { return first + count - 1; }
};
struct TreeQuestion {
  std::string topic;
};
struct PeersQuestion {};
struct BordersQuestion {};
struct PingQuestion {};
struct CastQuestion {
  std::string topic;
  std::uint32_t wanted = 1;
  Payload body;  ///< of a batch of one message
};
using Question =
    std::variant<TreeQuestion, PeersQuestion, BordersQuestion, PingQuestion, CastQuestion>;

// --- from the broker ---

struct Welcome {
  std::uint32_t version = 0;
  std::string node_id;  ///< hexadecimal
  std::string region;
  std::string cluster;
  std::uint64_t max_message_bytes = 0;
  std::uint64_t publish_window_bytes = 0;
  std::chrono::milliseconds heartbeat{0};
  std::uint64_t session = 0;
  std::chrono::milliseconds answers_within{0};
};
struct Refused {
  std::uint32_t request = 0;  ///< 0: the connection
  Status why;
};
struct PublishAck {
  std::string topic;
  std::uint64_t publisher = 0;
  std::uint64_t up_to = 0;
  std::uint64_t reach = 0;
  Status error;  ///< ok: taken
  /// What took the last of them, and its number then.
  Stream stream = {};
  std::uint64_t number = 0;
};
/// Where a subscriber stands in a stream: the next number it will see.
struct Position {
  Stream stream;
  std::uint64_t next = 1;
};
struct SubscribeAck {
  std::uint32_t subscription = 0;
  std::optional<Position> position;
  Status error;  ///< ok: live
};
struct Deliver {
  std::uint32_t subscription = 0;
  Stream stream;
  std::uint64_t first = 0;
  std::uint32_t count = 0;
  std::uint64_t publisher = 0;
  std::uint64_t publisher_first = 0;
  std::vector<Stay<Stream>> stays = {};  ///< of earlier ones of the publisher, in other streams
};
struct GapNotice {
  std::uint32_t subscription = 0;
  Gap gap;  ///< without the topic
};
struct Ping {
  std::uint64_t nonce = 0;
};
struct Pong {
  std::uint64_t nonce = 0;
};
struct Answer {
  std::uint32_t request = 0;
  std::variant<TreeInfo, PeersInfo, BordersInfo> what;
};
struct CastDone {
  std::uint32_t request = 0;
  CastOutcome outcome;
};
struct Offer {
  std::uint32_t subscription = 0;
  std::uint64_t offer = 0;
};
struct Drain {
  std::string reason;
};
struct BrokerBye {
  std::string reason;
};
using BrokerFrame = std::variant<Welcome, Refused, PublishAck, SubscribeAck, Deliver, GapNotice,
                                 Ping, Pong, Answer, CastDone, Offer, Drain, BrokerBye>;

}  // namespace phyllo::internal
