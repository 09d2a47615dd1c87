#include "regions/rendezvous.h"

#include <gtest/gtest.h>

#include "tests/regions/alone.h"

namespace phyllo::regions {
namespace {

const TopicId kTopic = TopicId::of(TopicName::parse("news/sport").value());
constexpr Attempt kLife = Attempt{7} << multicast::kAttemptLifeShift;

overlay::Contact root(std::uint64_t id) {
  const auto endpoint = overlay::Endpoint::parse("tcp://10.0.0.1:7400").value();
  return {overlay::NodeId(id), 0, {"eu", endpoint, endpoint}};
}

Edition edition_told(const Effects& effects) {
  const auto& send = std::get<multicast::SendDirect>(effects.back());
  return std::get<Interest>(*decode(send.message)).edition;
}

TEST(Rendezvous, NoEditionOfItsLifeComesTwiceThoughTheRollIsForgotten) {
  const Alone ring;
  BordersState state(BordersConfig::lan(), {}, ring, 1);
  const Fence fence;
  Atlas atlas(state, fence);
  Seats seats(state, fence, atlas);
  Rendezvous rendezvous(state, seats);
  Effects effects;
  Turn turn(Time{}, effects);
  rendezvous.on_register(turn, {kTopic, root(2), kLife + 1, 1, false, false});
  const Edition first = edition_told(effects);
  rendezvous.on_register(turn, {kTopic, root(2), kLife + 2, 0, false, false});
  EXPECT_EQ(state.stats.rolls, 0u);
  rendezvous.on_register(turn, {kTopic, root(2), kLife + 3, 1, false, false});
  EXPECT_GT(edition_told(effects), first);
}

}  // namespace
}  // namespace phyllo::regions
