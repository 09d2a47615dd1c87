#pragma once

#include <map>
#include <utility>

#include "multicast/forest.h"
#include "regions/borders_state.h"
#include "regions/turn.h"

namespace phyllo::regions {

/// Where other regions' batches come in: the forest takes them in order and numbers them; what it
/// says to them goes back, once per burst.
class Entrance {
 public:
  explicit Entrance(BordersState& state) : state_(state) {}

  void on_publish(Turn& turn, const overlay::Contact& from, multicast::Publish publish);
  void on_missing(Turn& turn, const overlay::Contact& from, const multicast::Missing& missing);
  /// Sends others what is for them, at once.
  void pass_on(Turn& turn, const TopicId& topic, Relayed& relayed);
  /// What became of it.
  void imported(Turn& turn, const Import& import, const multicast::Imported& answer);
  void flush(Turn& turn);

 private:
  BordersState& state_;
  std::map<std::pair<overlay::NodeId, TopicId>, std::pair<overlay::Contact, multicast::PublishAck>>
      acks_;
};

}  // namespace phyllo::regions
