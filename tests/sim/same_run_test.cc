#include <gtest/gtest.h>

#include <string>
#include <thread>

#include "sim/cluster/cluster.h"
#include "sim/network/message_text.h"
#include "sim/ring/ring.h"

namespace phyllo::sim {
namespace {

using namespace std::chrono_literals;

/// Everything that shows how a run went: which events, and each message.
struct Story {
  std::uint64_t digest;
  std::string trace;
  bool operator==(const Story&) const = default;
};

Story ring_story(std::uint64_t seed) {
  Ring ring({.seed = seed, .clock_spread = 1s});
  ring.network().trace().keep(100'000);
  ring.grow(24);
  ring.network().set_weather({.loss = 0.05, .duplication = 0.05, .jitter = 0.3});
  for (int i = 0; i < 40; ++i) ring.route(ring.pick(ring.active()), ring.random_key());
  ring.kill(3, Death::kSilent);
  ring.leave(5);
  ring.network().pause(7);
  ring.run_for(5s);
  ring.network().resume(7);
  ring.run_for(5s);
  return {ring.queue().digest(), ring.network().trace().text(100'000, describe_wire)};
}

Story cluster_story(std::uint64_t seed) {
  Cluster cluster({.seed = seed});
  cluster.network().trace().keep(100'000);
  cluster.grow(6);
  for (int i = 0; i < 4; ++i) {
    cluster.program(cluster.pick(cluster.active())).subscribe("a/" + std::to_string(i % 2));
  }
  cluster.run_until([&] { return cluster.all_live(); }, 10s);
  Program& publisher = cluster.program(cluster.pick(cluster.active()));
  for (int i = 0; i < 20; ++i) {
    publisher.publish("a/" + std::to_string(i % 2));
    cluster.run_for(50ms);
    if (i == 10) cluster.kill(0);
  }
  cluster.run_for(3s);
  return {cluster.network().messages_sent(),
          cluster.network().trace().text(100'000, describe_wire) + cluster.ledger().stories()};
}

template <class Tell>
void expect_same_run(Tell tell) {
  const Story first = tell(11);
  EXPECT_GT(first.trace.size(), 10'000u);
  EXPECT_TRUE(first == tell(11)) << "one after the other";
  EXPECT_FALSE(first == tell(12)) << "another seed";
  Story left{};
  Story right{};
  std::thread one([&] { left = tell(11); });
  std::thread other([&] { right = tell(12); });
  one.join();
  other.join();
  EXPECT_TRUE(left == first) << "beside another world";
  EXPECT_TRUE(right == tell(12)) << "beside another world";
}

TEST(SameRun, OneSeedMakesOneRingBitForBitAlsoBesideAnotherInAThreadOfItsOwn) {
  expect_same_run(ring_story);
}

TEST(SameRun, OneSeedMakesOneClusterBitForBitAlsoBesideAnotherInAThreadOfItsOwn) {
  expect_same_run(cluster_story);
}

}  // namespace
}  // namespace phyllo::sim
