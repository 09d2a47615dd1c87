#include "regions/convoy.h"

#include <algorithm>
#include <utility>

namespace phyllo::regions {
namespace {

using overlay::Contact;
using Leg = Relayed::Leg;

/// The leg to a region, which is made when there is none.
Leg& leg_to(std::vector<Leg>& legs, const Contact& to) {
  const auto known =
      std::ranges::find_if(legs, [&](const Leg& leg) { return leg.to.region() == to.region(); });
  return known == legs.end() ? legs.emplace_back(Leg{to, {}, {}}) : *known;
}

void plant(std::vector<Leg>& legs, Convoy::Sending& sending, const Convoy::Relay& relay) {
  std::vector<Leg>* at = &legs;
  for (const std::string& region : sending.route->through) {
    if (const auto through = relay(region)) at = &leg_to(*at, *through).onward;
  }
  leg_to(*at, sending.to).publish = std::get<multicast::Publish>(std::move(sending.what));
}

void send(Turn& turn, BordersState& state, Leg leg, const std::optional<TopicName>& name) {
  const std::string& region = leg.to.region();
  if (leg.onward.empty()) {
    const TopicId topic = leg.publish->topic;
    state.traffic.add(region, topic, turn.send(leg.to, *std::move(leg.publish)));
    return;
  }
  const Relayed relayed{state.self(), std::move(leg.publish), std::move(leg.onward), name};
  state.traffic.add(region, topic_of(relayed), turn.send(leg.to, relayed));
}

}  // namespace

void Convoy::depart(Turn& turn, BordersState& state, const std::optional<TopicName>& name,
                    const Relay& relay) {
  std::ranges::stable_sort(sendings_, {}, &Sending::ordinal);
  for (auto at = sendings_.begin(); at != sendings_.end();) {
    std::vector<Leg> legs;
    bool introduced = true;
    const Ordinal ordinal = at->ordinal;
    for (; at != sendings_.end() && at->ordinal == ordinal; ++at) {
      if (const auto* missing = std::get_if<multicast::Missing>(&at->what)) {
        turn.send(at->to, *missing);
      } else {
        introduced = introduced && at->introduced;
        plant(legs, *at, relay);
      }
    }
    for (Leg& leg : legs) {
      send(turn, state, std::move(leg), introduced ? std::nullopt : name);
    }
  }
  sendings_.clear();
}

}  // namespace phyllo::regions
