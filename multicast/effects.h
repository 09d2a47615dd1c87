#pragma once

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "base/topic_name.h"
#include "multicast/stream.h"
#include "multicast/topic_id.h"
#include "overlay/effects.h"

namespace phyllo::multicast {

/// To the overlay: `Node::send_toward`.
struct SendToward {
  overlay::Key key;
  overlay::AppMessage message;
};
/// To the overlay: `Node::forward`.
struct ForwardOn {
  overlay::Arrived arrival;
};
/// To the overlay: `Node::send_direct`. When the link has no room, the driver calls
/// `Forest::edge_full`: what was dropped there becomes a gap notice.
struct SendDirect {
  overlay::Contact to;
  overlay::AppMessage message;
};

/// To local subscribers, in order, without duplicates.
struct Deliver {
  TopicId topic;
  StreamBatch batch;
};
struct DeliverGap {
  TopicId topic;
  Gap gap;
};
/// The local subscription that `subscribe` asked for is complete: everything published to the topic
/// from now on arrives, or is reported as a gap.
struct SubscriptionLive {
  TopicId topic;
  StreamPosition position;
};
struct SubscriptionRefused {
  TopicId topic;
  Error why;
};

/// To the publisher: the root has everything up to this number of the publisher's.
struct PublishTaken {
  TopicId topic;
  PublisherId publisher;
  Sequence up_to;
  Reception reception;
};

/// Where trees are parts of regions: what a root numbered that was published in its region, with
/// all its stays, and where its stream stands now.
struct Numbered {
  TopicId topic;
  TopicName name;
  Batch batch;
  StreamEnd at;
};
/// The same: whether this node is the topic's root in its region, and for how many subscribers.
/// Said at the end of a burst in which it may have changed.
struct RootChanged {
  enum class Root {
    kHere,
    kMoved,  ///< another node is, or will be
    kGone,   ///< there is no tree any more
  };
  TopicId topic;
  Root root = Root::kGone;
  std::uint64_t subscribers = 0;
  std::optional<TopicName> name = {};  ///< where the root is here
};

/// An any- or manycast message offered to this node's local subscribers; answer with
/// `Forest::answer_offer` in the same or a later call, but in time.
struct Offer {
  TopicId topic;
  std::uint64_t offer;
  std::uint32_t wanted;  ///< so many of them may still take it
  Time answer_by;
  Payload payload;
};
/// The outcome of a cast that started here: the nodes whose local subscribers took it, nearest
/// first, each as often as subscribers of its did; maybe nobody. Not complete when the walk did not
/// come to its end in time: somebody may have taken it and not been heard of.
struct CastDone {
  std::uint64_t cast;
  std::vector<overlay::NodeId> accepted;
  bool complete;
};

/// One node of a topic's tree as it answered a survey.
struct TreeNode {
  overlay::Contact node;
  bool root = false;
  std::optional<overlay::NodeId> parent;
  std::vector<overlay::NodeId> children;
  std::uint64_t local_subscribers = 0;
  std::uint64_t subtree_subscribers = 0;
};
/// The answer to `survey`: the tree, root first, each child after its parent. Not complete when
/// some node did not answer in time.
struct SurveyDone {
  std::uint64_t survey;
  std::vector<TreeNode> nodes;
  bool complete = false;
};

using Effect = std::variant<SendToward, ForwardOn, SendDirect, Deliver, DeliverGap,
                            SubscriptionLive, SubscriptionRefused, PublishTaken, Numbered,
                            RootChanged, Offer, CastDone, SurveyDone, overlay::Notice>;
using Effects = std::vector<Effect>;

}  // namespace phyllo::multicast
