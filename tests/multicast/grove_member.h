#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "multicast/forest.h"
#include "overlay/node.h"
#include "sim/network/host.h"
#include "sim/network/network.h"

namespace phyllo::testing {

using namespace sim;  // the rings and clusters under test

/// What a subscription of one process saw, in order.
using Seen = std::variant<multicast::StreamBatch, multicast::Gap, multicast::StreamPosition, Error>;

struct SeenAt {
  Time when;  ///< of the queue, not of the process's clock
  Seen what;
};

/// A process that consists of an overlay node and a forest on it, as a broker composes them, with
/// every message through both codecs. It accepts or declines offers as it is told.
class GroveMember final : public Host {
 public:
  struct Observer {
    /// Data put on a link: teaches a test which publisher's message has which number.
    std::function<void(const multicast::StreamBatch&)> numbered;
    std::function<Time()> now;
    std::uint64_t& undecodable;
  };

  GroveMember(Network& network, StationId station, overlay::NodeConfig node_config,
              multicast::ForestConfig forest_config, overlay::Contact self, std::uint64_t seed,
              Observer observer);

  overlay::Node& node() { return node_; }
  const overlay::Node& node() const { return node_; }
  multicast::Forest& forest() { return forest_; }
  const multicast::Forest& forest() const { return forest_; }

  /// Runs a call into the node or the forest and carries out what it asks for.
  void call(Time now, const std::function<void(overlay::Node&, overlay::Effects&)>& what);
  void call(Time now, const std::function<void(multicast::Forest&, multicast::Effects&)>& what);

  const overlay::Contact& self() const override { return node_.self(); }
  void receive(Time now, const overlay::Contact& from, overlay::Wire wire) override;
  void disconnected(Time now, overlay::NodeId peer) override;
  void dialed(Time now, const overlay::Endpoint& endpoint, const overlay::Contact& found) override;
  void dial_failed(Time now, const overlay::Endpoint& endpoint) override;
  void tick(Time now) override;
  Time next_tick() const override;

  // --- what programs on it saw ---

  std::map<multicast::TopicId, std::vector<SeenAt>> seen;
  std::vector<multicast::PublishTaken> taken;
  std::vector<multicast::CastDone> casts;
  std::vector<multicast::SurveyDone> surveys;
  std::vector<Payload> offers;
  bool accepts = true;

  /// Messages to a peer for which this says so find no room on the link.
  std::function<bool(const overlay::Contact&, const overlay::AppMessage&)> full;

 private:
  void settle(Time now);
  bool perform_all(Time now);
  void perform(Time now, overlay::Effect effect);
  void perform(Time now, multicast::Effect effect);

  Network& network_;
  const StationId station_;
  overlay::Node node_;
  multicast::Forest forest_;
  Observer observer_;
  overlay::Effects from_node_;
  multicast::Effects from_forest_;
};

}  // namespace phyllo::testing
