#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/payload.h"
#include "base/result.h"
#include "broker/core/border_meter.h"
#include "broker/core/broker_config.h"
#include "multicast/effects.h"
#include "multicast/stream.h"
#include "regions/messages.h"

/// What a program and its broker say to each other (proto/phyllo/v1/client.proto, where each
/// message is explained), as plain values.
namespace phyllo::broker::client {

/// The version of the protocol this broker speaks.
inline constexpr std::uint32_t kVersion = 3;
/// What a Deliver costs of a subscription's credit beside its body's bytes.
inline constexpr std::size_t kDeliverOverhead = 64;

/// Chosen by the program, unique in its session, never 0.
using SubscriptionNumber = std::uint32_t;

// --- from the program ---

struct Hello {
  std::uint32_t min_version = 0;
  std::uint32_t max_version = 0;
  std::string name;
};
struct Publish {
  std::string topic;
  multicast::Batch batch;  ///< at least one message, numbers from 1 and without overflow
};
struct Subscribe {
  SubscriptionNumber subscription = 0;
  std::string topic;
  std::optional<SlowPolicy> policy;  ///< nothing: the broker's default
  std::uint64_t credit_bytes = 0;
  std::uint64_t queue_bytes = 0;  ///< 0: the broker's default
  bool takes_casts = false;
};
struct Unsubscribe {
  SubscriptionNumber subscription = 0;
};
struct Credit {
  SubscriptionNumber subscription = 0;
  std::uint64_t bytes = 0;
};
struct Ping {
  std::uint64_t nonce = 0;
};
struct Pong {
  std::uint64_t nonce = 0;
};
struct TreeQuery {
  std::string topic;
};
struct PeersQuery {};
struct BordersQuery {};
struct Query {
  std::uint32_t request = 0;
  std::variant<TreeQuery, PeersQuery, BordersQuery> what;
};
/// An any- or manycast.
struct Cast {
  std::uint32_t request = 0;
  std::string topic;
  std::uint32_t wanted = 1;
  Payload body;  ///< of a batch of one message
};
struct OfferAnswer {
  std::uint64_t offer = 0;
  SubscriptionNumber subscription = 0;
  bool taken = false;
};
struct ClientBye {};

using ClientFrame = std::variant<Hello, Publish, Subscribe, Unsubscribe, Credit, Ping, Pong, Query,
                                 Cast, OfferAnswer, ClientBye>;

// --- from the broker ---

struct Welcome {
  std::uint32_t version = kVersion;
  overlay::NodeId node;
  std::string region;
  std::string cluster;
  std::uint64_t max_message_bytes = 0;
  std::uint64_t publish_window_bytes = 0;
  std::uint32_t heartbeat_ms = 0;
  std::uint64_t session = 0;
  std::uint32_t answers_ms = 0;  ///< questions about trees are answered in that time
};
struct Refused {
  std::string code;
  std::string message;
  std::uint32_t request = 0;  ///< 0: it speaks of the connection, which ends
};
struct PublishAck {
  multicast::PublisherId publisher = 0;
  std::string topic;
  multicast::Sequence up_to = 0;
  multicast::Reception reception = {};
  std::optional<Error> error;
};
struct SubscribeAck {
  SubscriptionNumber subscription = 0;
  multicast::StreamPosition position;
  std::optional<Error> error;
};
struct Deliver {
  SubscriptionNumber subscription = 0;
  multicast::StreamBatch batch;
};
struct GapNotice {
  SubscriptionNumber subscription = 0;
  multicast::Gap gap;
};
/// One region's part in a topic.
struct TreeRegion {
  std::string region;
  bool answered = false;
  bool complete = false;
  std::vector<regions::Way> ways = {};
};
struct TreeAnswer {
  std::string topic;
  multicast::TopicId id;
  std::vector<multicast::TreeNode> nodes;
  bool complete = false;
  std::vector<TreeRegion> regions = {};  ///< where there are any, the broker's own one first
  bool regions_unknown = false;          ///< there may be others
};
struct PeerInfo {
  overlay::Contact contact;
  std::uint64_t rtt_microseconds = 0;  ///< 0: not measured
  std::uint32_t row = 0;               ///< of the routing table, where it stands in it
  std::uint32_t column = 0;
};
/// Whom a node knows in its ring.
struct RingInfo {
  std::string state;
  std::vector<PeerInfo> left_leaves;
  std::vector<PeerInfo> right_leaves;
  std::vector<PeerInfo> table;
};
struct PeersAnswer {
  PeerInfo self;
  std::string state;
  std::vector<PeerInfo> left_leaves;
  std::vector<PeerInfo> right_leaves;
  std::vector<PeerInfo> table;
  std::uint64_t clients = 0;
  std::uint64_t subscriptions = 0;
  std::uint64_t topics = 0;
  std::optional<RingInfo> global_ring = std::nullopt;  ///< of all brokers, where there are two
};
/// What the broker exchanged with other regions.
struct BordersAnswer {
  overlay::NodeId node;
  std::string region;
  std::vector<BorderStats> borders;
  std::vector<BorderTopicStats> topics;
};
struct Answer {
  std::uint32_t request = 0;
  std::variant<TreeAnswer, PeersAnswer, BordersAnswer> what;
};
struct CastDone {
  std::uint32_t request = 0;
  std::uint32_t taken = 0;
  bool complete = false;
  std::vector<std::string> unreached = {};  ///< regions; nobody there has it
  bool regions_unknown = false;             ///< nor in others that there may be
};
struct Offer {
  SubscriptionNumber subscription = 0;
  std::uint64_t offer = 0;
  Payload body;
};
struct Drain {
  std::string reason;
};
struct BrokerBye {
  std::string reason;
};

using BrokerFrame = std::variant<Welcome, Refused, PublishAck, SubscribeAck, Deliver, GapNotice,
                                 Ping, Pong, Answer, CastDone, Offer, Drain, BrokerBye>;

}  // namespace phyllo::broker::client
