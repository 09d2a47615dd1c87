#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

#include "base/result.h"
#include "broker/core/client_messages.h"
#include "broker/core/effects.h"
#include "multicast/effects.h"
#include "overlay/node.h"

namespace phyllo::broker {

/// What a node knows of its ring, as people ask for it. Counts of programs are left at 0.
client::PeersAnswer describe_peers(const overlay::Node& node);

/// The questions about trees that are under way, each waiting for its survey. Bounded. Not
/// thread-safe.
class Surveys {
 public:
  static constexpr std::size_t kMaximum = 1'000;

  struct Asker {
    SessionId session;
    std::uint32_t request;
    std::string topic;
  };

  /// Whether one more may be started.
  bool full() const { return askers_.size() >= kMaximum; }
  void started(std::uint64_t survey, Asker asker);
  /// Calls `reply(asker, answer)` if somebody still waits for this survey.
  template <class Reply>
  void done(multicast::SurveyDone survey, Reply&& reply);

 private:
  std::map<std::uint64_t, Asker> askers_;
};

template <class Reply>
void Surveys::done(multicast::SurveyDone survey, Reply&& reply) {
  const auto found = askers_.extract(survey.survey);
  if (found.empty()) return;
  const Asker& asker = found.mapped();
  const auto name = TopicName::parse(asker.topic);
  PHYLLO_CHECK(name.ok());
  reply(asker, client::Answer{asker.request,
                              client::TreeAnswer{asker.topic, multicast::TopicId::of(*name),
                                                 std::move(survey.nodes), survey.complete}});
}

}  // namespace phyllo::broker
