#include "regions/rendezvous.h"

#include <gtest/gtest.h>

#include "regions/region_table.h"
#include "tests/regions/alone.h"

namespace phyllo::regions {
namespace {

using namespace std::chrono_literals;

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

/// Who follows it when it leaves is known.
class ARendezvous : public ::testing::Test {
 protected:
  class Ring final : public GlobalRing {
   public:
    const overlay::Contact& self() const override { return self_; }
    bool rendezvous_here(const TopicId&) const override { return true; }
    std::optional<overlay::Contact> successor(const TopicId&) const override { return root(9); }
    std::vector<overlay::Contact> met(const std::string&) const override { return {}; }
    std::optional<std::vector<overlay::Contact>> all_others() const override { return {}; }
    bool home_root(overlay::Key) const override { return true; }
    std::optional<overlay::Contact> closest_at_home(overlay::Key) const override { return {}; }

   private:
    overlay::Contact self_ = root(1);
  };
  static overlay::Contact abroad(overlay::NodeId id) {
    const auto endpoint = overlay::Endpoint::parse("tcp://10.0.0.1:7400").value();
    return {id, 0, {"us", endpoint, endpoint}};
  }
  Register wants(const overlay::Contact& who) {
    return {kTopic, who, kLife + ++version_, 1, false, false};
  }
  /// Whether who subscribes is told that this is all there is to know.
  bool whole() {
    Turn turn(now_, effects_);
    rendezvous_.on_register(turn, wants(kUs));
    const auto& send = std::get<multicast::SendDirect>(effects_.back());
    return std::get<Interest>(*decode(send.message)).settled;
  }
  void after(Duration time) {
    now_ += time;
    Turn turn(now_, effects_);
    rendezvous_.tick(turn);
  }
  void expect_whole_after(Duration time) {
    EXPECT_FALSE(whole());
    after(time - 1ms);
    EXPECT_FALSE(whole());
    after(1ms);
    EXPECT_TRUE(whole());
  }

  const overlay::Contact kUs = abroad(overlay::NodeId(2));
  /// Nobody is closer to the topic.
  const overlay::Contact kClosest = abroad(overlay::NodeId::at(kTopic.key()));
  const Ring ring_;
  BordersState state_{BordersConfig::lan(), RegionTable({"eu", "us"}), ring_, 1};
  const Fence fence_;
  Atlas atlas_{state_, fence_};
  Seats seats_{state_, fence_, atlas_};
  Rendezvous rendezvous_{state_, seats_};
  Effects effects_;
  Attempt version_ = 0;
  Time now_ = Time{} + 1min;
};

TEST_F(ARendezvous, ThatLeavesPassesOnWhatItIsTold) {
  Turn turn(now_, effects_);
  rendezvous_.leave(turn);
  rendezvous_.on_register(turn, wants(kUs));
  ASSERT_EQ(effects_.size(), 1u);
  const auto& send = std::get<multicast::SendDirect>(effects_.back());
  EXPECT_EQ(send.to, root(9));
  EXPECT_TRUE(std::holds_alternative<Register>(*decode(send.message)));
}

TEST_F(ARendezvous, WaitsForTheRollsOfOneThatLeft) {
  Turn turn(now_, effects_);
  rendezvous_.peer_lost(turn, {kClosest, overlay::PeerLost::Reason::kLeft});
  expect_whole_after(state_.config.settling);
}

TEST_F(ARendezvous, ThatBeginsWaitsForTheRollsThatAreOnTheirWay) {
  Turn turn(now_, effects_);
  rendezvous_.leaf_set_changed(turn);
  expect_whole_after(state_.config.settling);
}

TEST_F(ARendezvous, KnowsNoMoreThanWhoGaveItTheRoll) {
  Turn turn(now_, effects_);
  rendezvous_.leaf_set_changed(turn);
  EXPECT_FALSE(whole());
  rendezvous_.on_book(turn, {kTopic, false, {}, {}, 3s});
  expect_whole_after(3s);
}

TEST_F(ARendezvous, OfOneThatDiedAsksItsOwnRegionAsWell) {
  Turn turn(now_, effects_);
  rendezvous_.peer_lost(turn, {kClosest, overlay::PeerLost::Reason::kSilent});
  EXPECT_FALSE(whole());
  rendezvous_.on_present(turn, kUs, {{wants(kUs)}});
  EXPECT_FALSE(whole());
  rendezvous_.on_present(turn, root(1), {{{kTopic, root(1), kLife, 0, true, false}}});
  EXPECT_TRUE(whole());
}

}  // namespace
}  // namespace phyllo::regions
