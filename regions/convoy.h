#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/topic_name.h"
#include "regions/borders_state.h"
#include "regions/route_book.h"
#include "regions/turn.h"

namespace phyllo::regions {

/// What the crossings of one topic send at one time. A batch goes once to each region, whether for
/// itself or for those behind it, however many crossings lead through there.
class Convoy {
 public:
  struct Sending {
    Ordinal ordinal = 0;
    overlay::Contact to;
    const Route* route = nullptr;  ///< must outlive the convoy
    std::variant<multicast::Publish, multicast::Missing> what;
    bool introduced = false;  ///< all on the way have heard the topic's name
  };
  /// Who passes on in a region; nullopt when there is nobody any more.
  using Relay = std::function<std::optional<overlay::Contact>(const std::string& region)>;

  void add(Sending sending) { sendings_.push_back(std::move(sending)); }
  /// Sends all of it, the older batches first. `name` is the topic's.
  void depart(Turn& turn, BordersState& state, const std::optional<TopicName>& name,
              const Relay& relay);

 private:
  std::vector<Sending> sendings_;
};

}  // namespace phyllo::regions
