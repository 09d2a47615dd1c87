#pragma once

#include <vector>

#include "multicast/forest_state.h"
#include "multicast/messages.h"
#include "multicast/turn.h"

namespace phyllo::multicast {

/// What goes down the trees: batches, the losses between them, and where this node stands.
class Dissemination {
 public:
  explicit Dissemination(ForestState& state) : state_(state) {}

  /// Where a batch was published: under this root, or in another region.
  enum class Origin { kHere, kAbroad };
  /// At the root: gives the batch its numbers and passes it on. Messages seen before are left out.
  void number(Turn& turn, Tree& tree, Batch batch, Origin origin = Origin::kHere);
  /// At the root: the numbers of messages that will not come.
  void skip(Turn& turn, Tree& tree, const Missing& missing);
  void on_data(Turn& turn, const overlay::Contact& from, const Data& data);
  void on_loss(Turn& turn, const overlay::Contact& from, const Loss& loss);

  /// Takes over the parent's place in the stream; what was missed meanwhile is reported.
  void follow(Turn& turn, Tree& tree, const StreamHead& head, Gap::Why why);
  /// Tells a child where this node stands.
  void tell(Turn& turn, Tree& tree, Child& child, Attempt attempt);
  void tell_all(Turn& turn, Tree& tree);
  /// Tells the local subscribers, when they wait for it, that the topic reaches this node.
  void acknowledge(Turn& turn, Tree& tree);

  /// Tells a root that will leave, once it is the parent of this heir, that all it sends arrives.
  void confirm(Turn& turn, Tree& tree);
  /// Does not wait for the old parent any longer: what it did not bring is lost.
  void end_overlap(Turn& turn, Tree& tree);
  /// The link to a child had no room.
  void on_data_dropped(const overlay::Contact& child, const Data& data);
  void on_loss_dropped(const overlay::Contact& child, const Loss& loss);
  /// Sends what a child was not told yet.
  void catch_up(Turn& turn, Tree& tree, Child& child);

 private:
  /// The tree when `from` may send down it; otherwise counts and says so to the sender.
  Tree* welcome(Turn& turn, const overlay::Contact& from, const TopicId& topic);
  void pass_on(Turn& turn, Tree& tree, const StreamBatch& batch);
  void send_down(Turn& turn, Tree& tree, const StreamBatch& batch);
  /// Whether the batch is ahead of what the old parent still has to bring, and was put aside.
  bool hold(Turn& turn, Tree& tree, overlay::NodeId from, const StreamBatch& batch);
  void send_to_departing(Turn& turn, Tree& tree, const overlay::AppMessage& wire);
  void report(Turn& turn, Tree& tree, std::vector<Gap> gaps);
  void deliver_gap(Turn& turn, Tree& tree, Gap gap);
  void leave_unsent(const overlay::Contact& child, const TopicId& topic, Gap gap);

  ForestState& state_;
};

}  // namespace phyllo::multicast
