// What dies, is cut off or gets lost on the way through other regions.

#include "tests/regions/relays_fixture.h"

namespace phyllo::regions {
namespace {

TEST_F(Relays, WhenTheRelayDiesTheOthersAreSentToDirectlyAndMissNothing) {
  begin_with_both();
  publish(20);
  world_.kill(de_);
  publish(200);
  world_.run_for(2s);
  EXPECT_EQ(heard(fr_), 220u);
  EXPECT_EQ(world_.heard(fr_, kTopic, kWriter).twice, 0u);
  EXPECT_EQ(world_.lost(fr_), 0u);
  fresh();
  publish(20);
  EXPECT_EQ(fresh().to_fr, 20u);
}

TEST_F(Relays, ARelayThatIsBackIsUsedAgain) {
  begin_with_both();
  publish(20);
  world_.kill(de_);
  publish(50);
  world_.revive(de_);
  subscribe(de_);
  publish(600, 100ms);
  fresh();
  publish(20);
  world_.run_for(1s);
  EXPECT_EQ(fresh(), relayed(20));
  EXPECT_EQ(heard(fr_), 690u);
  EXPECT_EQ(world_.lost(fr_), 0u);
}

TEST_F(Relays, ARelayThatReachesTheOthersNoMoreIsNotReliedOn) {
  begin_with_both();
  publish(20);
  world_.cut(de_, fr_);
  publish(100);
  world_.run_for(1s);
  EXPECT_EQ(heard(de_), 120u);
  EXPECT_EQ(heard(fr_), 120u);
  fresh();
  publish(20);
  EXPECT_EQ(fresh(), direct(20));
  world_.mend();
  publish(400, 200ms);
  fresh();
  publish(20);
  EXPECT_EQ(fresh(), relayed(20));
  world_.run_for(1s);
  EXPECT_EQ(heard(fr_), 560u);
  EXPECT_EQ(world_.heard(fr_, kTopic, kWriter).twice, 0u);
  EXPECT_EQ(world_.lost(fr_) + world_.lost(de_), 0u);
}

TEST_F(Relays, WhatIsLostOnTheWayIsSentAgain) {
  begin_with_both();
  world_.loss = 0.05;
  publish(300);
  world_.loss = 0;
  world_.run_for(20s);
  for (const std::size_t region : {de_, fr_}) {
    EXPECT_EQ(heard(region), 300u);
    EXPECT_EQ(world_.heard(region, kTopic, kWriter).twice, 0u);
    EXPECT_EQ(world_.lost(region), 0u);
  }
}

}  // namespace
}  // namespace phyllo::regions
