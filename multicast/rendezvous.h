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
class Rendezvous {
 public:
  Rendezvous(ForestState& state, Dissemination& dissemination, Roots& roots)
      : state_(state), dissemination_(dissemination), roots_(roots) {}

  /// What became of one batch. Not taken: with the reason.
  struct Answer {
    std::optional<PublishNack::Reason> refused;
    std::uint64_t taken = 0;  ///< batches of the attempt
    Reception reception = {};
  };
  /// A batch of this very broker's, which numbers its attempts as it does for others.
  Answer offer(Turn& turn, overlay::NodeId from, const Publish& publish);
  void on_publish(Turn& turn, const overlay::Contact& from, const Publish& publish);
  void on_locate(Turn& turn, const overlay::Contact& origin, const Locate& locate);
  /// Sends the acknowledgements collected since the last time.
  void flush(Turn& turn);

 private:
  Reception reception(const Tree& tree) const;

  ForestState& state_;
  Dissemination& dissemination_;
  Roots& roots_;
  std::map<std::pair<overlay::NodeId, TopicId>, std::pair<overlay::Contact, PublishAck>> acks_;
};

}  // namespace phyllo::multicast
