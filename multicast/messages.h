#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/time.h"
#include "base/topic_name.h"
#include "multicast/stream.h"
#include "multicast/topic_id.h"
#include "overlay/contact.h"

namespace phyllo::multicast {

// The messages between two forests, as proto/phyllo/v1/multicast.proto explains them.

/// Numbers what one node tries (grafts, publishing to a root), so that late answers and prunes are
/// recognised. Rises within a life of the node, which the upper bits tell from others at random.
using Attempt = std::uint64_t;

inline constexpr int kAttemptLifeShift = 40;

inline bool same_life(Attempt a, Attempt b) {
  return a >> kAttemptLifeShift == b >> kAttemptLifeShift;
}

// Longest lists that are accepted from outside.
inline constexpr std::size_t kMaxPath = 128;
inline constexpr std::size_t kMaxAlternatives = 64;
inline constexpr std::size_t kMaxPulseEntries = 4096;
inline constexpr std::size_t kMaxVisited = 4096;
/// Most takers that one cast may ask for.
inline constexpr std::uint32_t kMaxWanted = 1000;
inline constexpr std::size_t kMaxSurveyedChildren = 65'536;

struct Graft {
  TopicName topic;
  Attempt attempt = 0;
  std::uint64_t subscribers = 0;
};

/// Of a tree that is a region's part of a topic: whether a subscription here is complete when the
/// tree is live, or has to wait for other regions.
enum class Gate { kOpen, kClosed };

struct Standing {
  TopicId topic;
  Attempt attempt = 0;
  bool live = false;
  std::vector<overlay::NodeId> path;
  std::optional<StreamHead> head;
  Gate gate = Gate::kOpen;
};

struct Alternative {
  overlay::Contact node;
  Duration distance;  ///< from the node that names it
};

struct Dismiss {
  enum class Why { kFull, kCycle, kLeaving, kUnknown, kUnready };
  TopicId topic;
  Attempt attempt = 0;
  Why why = Why::kUnknown;
  std::vector<Alternative> alternatives;
};

struct Prune {
  TopicId topic;
  Attempt attempt = 0;
};

struct HandOver {
  enum class Stage {
    kCloserRoot,  ///< the sender becomes a child
    kWillLeave,   ///< the sender goes on as root until the receiver can be
    kLeaves,      ///< the receiver is the root from now on
  };
  TopicName topic;
  Attempt attempt = 0;
  StreamEnd ended;
  std::uint64_t subscribers = 0;  ///< of a root that leaves: those that the heir does not reach yet
  Stage stage = Stage::kCloserRoot;
};

struct Pulse {
  struct Down {
    TopicId topic;
    std::uint64_t digest = 0;
    Sequence next = 0;
  };
  struct Up {
    TopicId topic;
    std::uint64_t subscribers = 0;
    bool wants_standing = false;
  };
  std::vector<Down> down;
  std::vector<Up> up;
};

struct Data {
  TopicId topic;
  StreamBatch batch;
};

struct Loss {
  TopicId topic;
  Gap gap;  ///< of stream numbers; publishers' gaps do not travel
};

/// Subscribers are behind: what is published is not acknowledged for a moment.
struct Hold {
  TopicId topic;
};

struct Locate {
  TopicId topic;
  Attempt attempt = 0;
  std::optional<TopicName> name = {};  ///< where a root needs it to make a tree
};

struct RootIs {
  TopicId topic;
  Attempt attempt = 0;
  std::optional<overlay::Contact> successor;  ///< of a root that leaves
};

struct Publish {
  TopicId topic;
  Attempt attempt = 0;
  std::uint64_t index = 0;
  Batch batch;
};

struct PublishAck {
  TopicId topic;
  Attempt attempt = 0;
  std::uint64_t taken = 0;
  Reception reception = {};  ///< of the last batch taken
};

struct PublishNack {
  enum class Reason { kNotRoot, kOutOfOrder, kUnsettled, kUnwanted };
  PublishAck upto;
  Reason reason = Reason::kNotRoot;
};

/// What a root made of what another region sent. Refused: with the reason, kUnwanted when the topic
/// has no subscribers here.
struct Imported {
  std::optional<PublishNack::Reason> refused;
  std::uint64_t taken = 0;  ///< so many of the attempt
  Reception reception = {};
};

/// In place of a batch: so many messages on their way from another region will not come.
struct Missing {
  TopicId topic;
  Attempt attempt = 0;
  std::uint64_t index = 0;
  std::uint64_t count = 0;
  overlay::NodeId where;  ///< who could not keep them
  std::string region;
};

struct Cast {
  TopicId topic;
  std::uint64_t cast = 0;
  overlay::Contact asker;
  std::uint32_t wanted = 1;
  std::vector<overlay::NodeId> accepted;
  std::vector<overlay::NodeId> visited;
  std::vector<overlay::Contact> to_visit;  ///< the last one is next
  Payload payload;
};

struct CastResult {
  std::uint64_t cast = 0;
  std::vector<overlay::NodeId> accepted;
  bool done = false;
};

struct Survey {
  TopicId topic;
  std::uint64_t survey = 0;
  overlay::Contact asker;
};

struct SurveyReply {
  std::uint64_t survey = 0;
  bool root = false;
  std::optional<overlay::NodeId> parent;
  std::vector<overlay::NodeId> children;
  std::uint64_t local_subscribers = 0;
  std::uint64_t subtree_subscribers = 0;
};

using Message =
    std::variant<Graft, Standing, Dismiss, Prune, HandOver, Pulse, Data, Loss, Locate, RootIs,
                 Publish, PublishAck, PublishNack, Cast, CastResult, Survey, SurveyReply, Hold>;

}  // namespace phyllo::multicast
