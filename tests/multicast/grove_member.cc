#include "tests/multicast/grove_member.h"

#include <utility>

#include "multicast/codec.h"

namespace phyllo::testing {

namespace mc = multicast;

GroveMember::GroveMember(Network& network, StationId station,
                         const overlay::NodeConfig& node_config,
                         const mc::ForestConfig& forest_config, overlay::Contact self,
                         std::uint64_t seed, Observer observer)
    : ForestProcess(network, station, node_config, forest_config, std::move(self), seed),
      observer_(std::move(observer)) {}

void GroveMember::sends(const mc::SendDirect& send) {
  const auto message = mc::decode(send.message);
  if (!message.ok()) {
    ++observer_.undecodable;
  } else if (const auto* data = std::get_if<mc::Data>(&*message)) {
    observer_.numbered(data->batch);
  }
}

bool GroveMember::has_room(const overlay::Contact& to, const overlay::AppMessage& message) {
  return full == nullptr || !full(to, message);
}

void GroveMember::tell(Time now, mc::Effect effect, mc::Effects& out) {
  if (auto* deliver = std::get_if<mc::Deliver>(&effect)) {
    observer_.numbered(deliver->batch);
    seen[deliver->topic].push_back({observer_.now(), std::move(deliver->batch)});
  } else if (auto* gap = std::get_if<mc::DeliverGap>(&effect)) {
    seen[gap->topic].push_back({observer_.now(), std::move(gap->gap)});
  } else if (auto* live = std::get_if<mc::SubscriptionLive>(&effect)) {
    seen[live->topic].push_back({observer_.now(), live->position});
  } else if (auto* refused = std::get_if<mc::SubscriptionRefused>(&effect)) {
    seen[refused->topic].push_back({observer_.now(), std::move(refused->why)});
  } else if (auto* took = std::get_if<mc::PublishTaken>(&effect)) {
    taken.push_back(*took);
  } else if (auto* offer = std::get_if<mc::Offer>(&effect)) {
    offers.push_back(offer->payload);
    forest().answer_offer(now, offer->offer, accepts ? 1 : 0, out);
  } else if (auto* done = std::get_if<mc::CastDone>(&effect)) {
    casts.push_back(std::move(*done));
  } else if (auto* survey = std::get_if<mc::SurveyDone>(&effect)) {
    surveys.push_back(std::move(*survey));
  } else if (auto* root = std::get_if<mc::RootChanged>(&effect)) {
    roots.push_back(std::move(*root));
  }
}

}  // namespace phyllo::testing
