// What a network can do to messages between two processes.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/network/network.h"

namespace phyllo::sim {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// Writes down what arrives.
class Listener final : public Host {
 public:
  explicit Listener(std::uint64_t number)
      : self_(overlay::NodeId(number), 0,
              {"r", *overlay::Endpoint::parse("tcp://10.0.0." + std::to_string(number) + ":1"),
               *overlay::Endpoint::parse("tcp://wan-" + std::to_string(number) + ":1")}) {}

  const overlay::Contact& self() const override { return self_; }
  void receive(Time, const overlay::Contact&, overlay::Wire wire) override {
    heard.push_back(wire.header);
  }
  void disconnected(Time, overlay::NodeId) override {}
  void dialed(Time, const overlay::Endpoint&, const overlay::Contact&) override { ++dialed_; }
  void dial_failed(Time, const overlay::Endpoint&) override { ++dials_failed; }
  void tick(Time) override {}
  Time next_tick() const override { return kNever; }

  std::vector<std::string> heard;
  int dialed_ = 0;
  int dials_failed = 0;

 private:
  overlay::Contact self_;
};

class NetworkFaults : public ::testing::Test {
 protected:
  NetworkFaults() {
    for (Listener* listener : {&one_, &two_, &three_})
      network_.boot(network_.add_station(), *listener);
  }
  void say(StationId from, Listener& to, const std::string& text) {
    network_.send(from, to.self(), {text, {}});
  }
  void pass(Duration time) { queue_.run_until(queue_.now() + time); }

  EventQueue queue_;
  Network network_{queue_, 1};
  Listener one_{1}, two_{2}, three_{3};
};

TEST_F(NetworkFaults, ACloggedLinkHoldsMessagesInTheirOrder) {
  say(0, two_, "before");
  pass(1s);
  network_.clog(0, 1);
  say(0, two_, "a");
  say(0, two_, "b");
  say(0, three_, "elsewhere");
  say(1, one_, "back");
  pass(1s);
  EXPECT_THAT(two_.heard, ElementsAre("before"));
  EXPECT_THAT(three_.heard, ElementsAre("elsewhere"));
  EXPECT_THAT(one_.heard, ElementsAre("back"));
  say(0, two_, "c");
  network_.unclog(0, 1);
  EXPECT_THAT(two_.heard, ElementsAre("before", "a", "b"));
  pass(1s);
  EXPECT_THAT(two_.heard, ElementsAre("before", "a", "b", "c"));
}

TEST_F(NetworkFaults, WhatACloggedLinkHeldIsLostWhenItsConnectionBreaks) {
  network_.clog(0, 1);
  say(0, two_, "a");
  pass(1s);
  network_.break_link(0, 1);
  network_.unclog(0, 1);
  EXPECT_THAT(two_.heard, IsEmpty());
}

TEST_F(NetworkFaults, NobodyIsReachedForTheFirstTimeOverACloggedLink) {
  network_.clog(1, 0);
  network_.dial(0, two_.self().place().local);
  pass(10s);
  EXPECT_EQ(one_.dials_failed, 1);
  EXPECT_EQ(one_.dialed_, 0);
}

TEST_F(NetworkFaults, AMutedGroupHearsAndIsNotHeard) {
  const auto group = network_.cut_off({0}, Cut::kMute);
  ASSERT_TRUE(group.has_value());
  say(0, two_, "out");
  say(1, one_, "in");
  pass(1s);
  EXPECT_THAT(two_.heard, IsEmpty());
  EXPECT_THAT(one_.heard, ElementsAre("in"));
  network_.rejoin(*group);
  say(0, two_, "again");
  pass(1s);
  EXPECT_THAT(two_.heard, ElementsAre("again"));
}

TEST_F(NetworkFaults, ADeafenedGroupIsHeardAndDoesNotHear) {
  network_.cut_off({0, 2}, Cut::kDeaf);
  say(0, two_, "out");
  say(1, one_, "in");
  say(2, one_, "inside");
  pass(1s);
  EXPECT_THAT(two_.heard, ElementsAre("out"));
  EXPECT_THAT(one_.heard, ElementsAre("inside"));
}

TEST_F(NetworkFaults, SixtyFourGroupsCanBeCutOffAtATime) {
  std::vector<Network::Group> groups;
  while (const auto group = network_.cut_off({0}, Cut::kBothWays)) groups.push_back(*group);
  EXPECT_EQ(groups.size(), 64u);
  for (const auto group : groups) {
    say(1, one_, "too early");
    network_.rejoin(group);
  }
  say(1, one_, "hello");
  pass(1s);
  EXPECT_THAT(one_.heard, ElementsAre("hello"));
}

TEST_F(NetworkFaults, ACorruptedMessageArrivesAsAnother) {
  network_.set_weather({.corruption = 1});
  for (int i = 0; i < 100; ++i) say(0, two_, "a message");
  pass(1s);
  EXPECT_EQ(two_.heard.size(), 100u);
  EXPECT_THAT(two_.heard, ::testing::Each(::testing::Ne("a message")));
  two_.heard.clear();
  for (int i = 0; i < 100; ++i) {
    network_.send(0, two_.self(), {"a header", Payload::from("a body")});
  }
  pass(1s);
  EXPECT_THAT(two_.heard, ::testing::Contains("a header")) << "its body is altered then";
  EXPECT_THAT(two_.heard, ::testing::Contains(::testing::Ne("a header")));
}

}  // namespace
}  // namespace phyllo::sim
