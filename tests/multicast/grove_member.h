#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <variant>
#include <vector>

#include "sim/grove/forest_process.h"

namespace phyllo::testing {

using namespace sim;  // the rings and clusters under test

/// What a subscription of one process saw, in order.
using Seen = std::variant<multicast::StreamBatch, multicast::Gap, multicast::StreamPosition, Error>;

struct SeenAt {
  Time when;  ///< of the queue, not of the process's clock
  Seen what;
};

/// Remembers what its programs were told. It accepts or declines offers as it is told.
class GroveMember final : public ForestProcess {
 public:
  using ForestProcess::Resting;
  struct Observer {
    /// Data put on a link: teaches a test which publisher's message has which number.
    std::function<void(const multicast::StreamBatch&)> numbered;
    std::function<Time()> now;
    std::uint64_t& undecodable;
    Resting resting = Resting::kWhenIdle;
  };

  GroveMember(Network& network, StationId station, const overlay::NodeConfig& node_config,
              const multicast::ForestConfig& forest_config, overlay::Contact self,
              std::uint64_t seed, Observer observer);

  // --- what programs on it saw ---

  std::map<multicast::TopicId, std::vector<SeenAt>> seen;
  std::vector<multicast::PublishTaken> taken;
  std::vector<multicast::CastDone> casts;
  std::vector<multicast::SurveyDone> surveys;
  std::vector<Payload> offers;
  std::vector<multicast::RootChanged> roots;
  bool accepts = true;

  /// Messages to a peer for which this says so find no room on the link.
  std::function<bool(const overlay::Contact&, const overlay::AppMessage&)> full;

 private:
  void tell(Time now, multicast::Effect effect, multicast::Effects& out) override;
  void sends(const multicast::SendDirect& send) override;
  bool has_room(const overlay::Contact& to, const overlay::AppMessage& message) override;
  Resting resting() const override { return observer_.resting; }
  void undecodable() override { ++observer_.undecodable; }

  Observer observer_;
};

}  // namespace phyllo::testing
