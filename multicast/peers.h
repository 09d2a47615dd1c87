#pragma once

#include <map>
#include <optional>
#include <set>
#include <vector>

#include "base/random.h"
#include "base/time.h"
#include "multicast/deadlines.h"
#include "multicast/topic_id.h"
#include "overlay/contact.h"

namespace phyllo::multicast {

/// A node this one shares tree edges with: one pulse serves all of them.
struct Peer {
  overlay::Contact contact;
  Time heard;
  std::set<TopicId> parent_in;       ///< topics in which it is this node's parent
  std::set<TopicId> child_in;        ///< topics in which it is this node's child
  std::vector<TopicId> urgent_down;  ///< edges whose state it should hear with the next pulse
  std::vector<TopicId> urgent_up;
  std::optional<TopicId> last_down;  ///< where the rotation through all edges stands
  std::optional<TopicId> last_up;
};

/// All of them, with the time of each one's next pulse.
class Peers {
 public:
  Peers(Duration heartbeat, Random random) : heartbeat_(heartbeat), random_(random) {}

  void add_parent(Time now, const overlay::Contact& contact, const TopicId& topic);
  void add_child(Time now, const overlay::Contact& contact, const TopicId& topic);
  void drop_parent(overlay::NodeId id, const TopicId& topic);
  void drop_child(overlay::NodeId id, const TopicId& topic);

  Peer* find(overlay::NodeId id);
  void heard(Time now, overlay::NodeId id);
  /// The peers that are due for a pulse; each is given its next time.
  std::vector<overlay::NodeId> take_due(Time now);
  Time next() const { return pulses_.next(); }

 private:
  Peer& get(Time now, const overlay::Contact& contact);
  void drop_if_idle(overlay::NodeId id);

  Duration heartbeat_;
  Random random_;
  std::map<overlay::NodeId, Peer> peers_;
  Deadlines<overlay::NodeId> pulses_;
};

}  // namespace phyllo::multicast
