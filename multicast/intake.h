#pragma once

#include <map>
#include <optional>
#include <utility>

#include "multicast/dissemination.h"
#include "multicast/forest_state.h"
#include "multicast/roots.h"
#include "multicast/turn.h"

namespace phyllo::multicast {

/// Where publications meet the tree: at the root, which takes them in order and says so.
class Intake {
 public:
  Intake(ForestState& state, Dissemination& dissemination, Roots& roots)
      : state_(state), dissemination_(dissemination), roots_(roots) {}

  /// What became of one batch.
  using Answer = Imported;
  /// A batch of this very broker's, which numbers its attempts as it does for others.
  Answer offer(Turn& turn, overlay::NodeId from, const Publish& publish);
  /// A batch of another region's root, or that messages of it are missing.
  Answer import(Turn& turn, overlay::NodeId from, const Publish& publish);
  Answer import(Turn& turn, overlay::NodeId from, const Missing& missing);
  /// Somebody publishes here, or soon will: a region's root keeps a tree for it.
  void expect(Turn& turn, const TopicName& topic);
  void on_publish(Turn& turn, const overlay::Contact& from, const Publish& publish);
  void on_locate(Turn& turn, const overlay::Contact& origin, const Locate& locate);
  /// Sends the acknowledgements collected since the last time.
  void flush(Turn& turn);

 private:
  template <class Take>
  Answer import(Turn& turn, overlay::NodeId from, const TopicId& topic, Attempt attempt,
                std::uint64_t index, Take&& take);
  Reception reception(const Tree& tree) const;

  ForestState& state_;
  Dissemination& dissemination_;
  Roots& roots_;
  std::map<std::pair<overlay::NodeId, TopicId>, std::pair<overlay::Contact, PublishAck>> acks_;
};

}  // namespace phyllo::multicast
