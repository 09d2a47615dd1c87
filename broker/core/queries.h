#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>

#include "base/topic_name.h"
#include "broker/core/client_messages.h"
#include "broker/core/effects.h"
#include "overlay/node.h"

namespace phyllo::broker {

/// What a node knows of its ring, as people ask for it. Counts of programs are left at 0.
/// Round trips are reported as measured, without the node's `cross_region_factor`.
client::PeersAnswer describe_peers(const overlay::Node& node, double cross_region_factor);

/// The questions about trees that are under way, each waiting for its survey. Bounded. Not
/// thread-safe.
class Surveys {
 public:
  static constexpr std::size_t kMaximum = 1'000;
  static constexpr std::size_t kMaximumPerSession = 16;

  struct Asker {
    SessionId session;
    std::uint32_t request;
    TopicName topic;
  };

  /// Whether no further one may be started, by anybody or by this session.
  bool full(SessionId session) const;
  void started(std::uint64_t survey, Asker asker);
  /// Who asked for this survey, now forgotten; nullopt when nobody did.
  std::optional<Asker> finished(std::uint64_t survey);

 private:
  std::map<std::uint64_t, Asker> askers_;
};

}  // namespace phyllo::broker
