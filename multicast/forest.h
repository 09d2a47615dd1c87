#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "base/time.h"
#include "base/topic_name.h"
#include "multicast/effects.h"
#include "multicast/forest_config.h"
#include "multicast/forest_stats.h"
#include "multicast/messages.h"
#include "overlay/node.h"

namespace phyllo::multicast {

/// All topic trees this broker has a part in. Does no I/O: calls take the time and append effects.
/// Reads the overlay node (who is root, which hop is next, how far is a peer) and never changes it:
/// what it wants sent is an effect. One owner; not thread-safe.
class Forest {
 public:
  /// `admits` is asked once for each tree that would be made, whoever wants it, and must always
  /// say the same of a topic.
  Forest(ForestConfig config, const overlay::Node& node, std::uint64_t seed, Admission admits = {});
  ~Forest();

  // --- local programs ---

  /// How many local subscribers the topic now has. From 0 to more: grafts, and `SubscriptionLive`
  /// follows when the graft is live; while already live, `SubscriptionLive` is appended at once.
  /// Back to 0: prunes. kLimit when the topic limit is reached, kRefused
  /// for a topic that is not admitted.
  Outcome set_local_subscribers(Time now, const TopicName& topic, std::uint64_t count,
                                Effects& out);
  /// The same where there are so many more, or only so many left. `id` is that of the name.
  Outcome raise_local_subscribers(Time now, const TopicName& topic, const TopicId& id,
                                  std::uint64_t count, Effects& out);
  void lower_local_subscribers(Time now, const TopicId& topic, std::uint64_t left, Effects& out);
  /// Hands the batch to the topic's root. Kept here until the root has it (`PublishTaken`), and
  /// sent again to the next root when that one dies. kQueueFull when the ingress limit of the topic
  /// or of the broker is reached: nothing was taken.
  Outcome publish(Time now, const TopicName& topic, const TopicId& id, Batch batch, Effects& out);
  /// Local subscribers are behind: what is published to the topic is not acknowledged for a moment,
  /// here and at the root, so that who publishes faster than that waits. To be said again every few
  /// milliseconds while it is so.
  void hold_publishers(Time now, const TopicId& topic, Effects& out);
  /// Offers `payload` to subscribers of the topic, those of the nearest nodes first, until `wanted`
  /// (at most kMaxWanted) have taken it; the outcome is a `CastDone` with the number returned here.
  std::uint64_t cast(Time now, const TopicName& topic, Payload payload, std::uint32_t wanted,
                     Effects& out);
  /// So many local subscribers have taken it.
  void answer_offer(Time now, std::uint64_t offer, std::uint32_t taken, Effects& out);
  /// Asks all nodes of the topic's tree what they are; `SurveyDone` follows.
  std::uint64_t survey(Time now, const TopicName& topic, Effects& out);

  // --- between regions, where this forest is the part of one (`Extent::kRegion`) ---

  /// Every other region where the topic is published knows that this one has subscribers:
  /// subscriptions are complete from now on.
  void open(Time now, const TopicId& topic, Effects& out);
  /// What another region's root sent, taken in the order of its index within an attempt, numbered
  /// and delivered here like any other batch.
  Imported import(Time now, overlay::NodeId from, const Publish& publish, Effects& out);
  /// It could not keep some messages: their numbers are reported lost.
  Imported import(Time now, overlay::NodeId from, const Missing& missing, Effects& out);

  // --- what the overlay and the driver tell it ---

  void arrived(Time now, overlay::Arrived arrival, Effects& out);
  void received(Time now, const overlay::Contact& from, overlay::AppMessage message, Effects& out);
  void undelivered(Time now, overlay::Undelivered message, Effects& out);
  void peer_lost(Time now, overlay::NodeId peer, Effects& out);
  void leaf_set_changed(Time now, Effects& out);
  /// The link to `peer` had no room for `message`.
  void edge_full(Time now, const overlay::Contact& peer, const overlay::AppMessage& message,
                 Effects& out);
  /// End of a burst of inputs: sends what was collected (cumulative acknowledgements).
  void flush(Time now, Effects& out);
  /// After a flush, or never: trees with nothing going on are kept in less room from now on, until
  /// something concerns them. Nothing else changes.
  void rest();
  /// Before the overlay node leaves: begins to hand each tree this node is root of to the next
  /// closest node, and its children to its parent. Until no children are left (`stats`), what comes
  /// is still numbered and passed on.
  void hand_over(Time now, Effects& out);
  /// Right before it leaves: what was not handed over yet goes as it is.
  void end_hand_over(Time now, Effects& out);
  void tick(Time now, Effects& out);
  Time next_tick() const;

  ForestStats stats() const;
  /// What the topic is called; nullopt when there is no tree of it here.
  std::optional<TopicName> name_of(const TopicId& topic) const;
  /// This node's part in the topic's tree; nullopt when it has none.
  std::optional<TreeNode> part_in(const TopicName& topic) const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace phyllo::multicast
