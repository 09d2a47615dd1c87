// What an idle node does not say, because somebody would have to pay for it.

#include <string>

#include "tests/overlay/lone_node.h"

namespace phyllo::overlay {
namespace {

using namespace std::chrono_literals;

/// Between a right neighbour that sends heartbeats and a left one that has no duty to.
class LeftNeighbour : public LoneNode {
 protected:
  void SetUp() override {
    found();
    meet(right_);
  }
  static Contact in(const std::string& region, std::uint8_t place) {
    const Contact there = contact_at(place);
    return {there.id(), 0, {region, there.place().local, there.place().wan}};
  }
  enum class Mood { kAnswers, kSilent };
  struct Heard {
    int pings = 0;
    int probes = 0;
    Duration first_probe{};
  };
  /// What the left neighbour is sent until it is probed, or it is over.
  Heard listen(const Contact& left, Mood mood, Duration time) {
    meet(left);
    Heard heard;
    for (Duration passed{}; passed < time; passed += 50ms) {
      pass(50ms);
      receive(right_, Heartbeat{true});
      std::vector<Message> answers;
      for (const Effect& effect : std::exchange(out_, {})) {
        const auto* send = std::get_if<Send>(&effect);
        if (send == nullptr) continue;
        if (send->to != left) {
          if (const auto* probe = std::get_if<Probe>(&send->message)) {
            receive(send->to, ProbeReply{probe->nonce, {true, {node_.self(), left}, {}}});
          }
        } else if (const auto* ping = std::get_if<Ping>(&send->message)) {
          ++heard.pings;
          if (mood == Mood::kAnswers) answers.push_back(Pong{ping->nonce, true});
        } else if (const auto* probe = std::get_if<Probe>(&send->message)) {
          if (heard.probes++ == 0) heard.first_probe = passed + 50ms;
          if (mood == Mood::kAnswers) {
            answers.push_back(ProbeReply{probe->nonce, {true, {node_.self(), right_}, {}}});
          }
        }
      }
      for (Message& answer : answers) receive(left, std::move(answer));
      if (mood == Mood::kSilent && heard.probes > 0) break;
    }
    return heard;
  }

  const Contact right_ = contact_at(0x90);
  const Timers timers_ = NodeConfig{}.timers;
  const Duration patience_ = 3 * timers_.silence;
};

TEST_F(LeftNeighbour, ThatIsThereIsOnlyGreetedOverABorder) {
  const Heard far = listen(in("elsewhere", 0x70), Mood::kAnswers, 40 * patience_);
  EXPECT_GT(far.pings, 20);
  EXPECT_LT(far.probes, far.pings) << "no more than exchanges of leaf sets";
}

TEST_F(LeftNeighbour, ThatIsNearIsProbed) {
  const Heard near = listen(in("", 0x70), Mood::kAnswers, 40 * patience_);
  EXPECT_LE(near.pings, 1) << "it was measured";
  EXPECT_GT(near.probes, 20);
}

TEST_F(LeftNeighbour, ThatIsGoneIsProbedAsEarlyAsWithoutABorder) {
  // The random exchange may ask it earlier.
  const Heard far = listen(in("elsewhere", 0x70), Mood::kSilent, 2 * patience_);
  EXPECT_EQ(far.probes, 1);
  EXPECT_LE(far.first_probe, patience_ + timers_.heartbeat);
}

/// A member of a ring that has seeds which are none of its neighbours.
class Dialing : public LoneNode {
 protected:
  /// Seeds dialed in some hours, when neighbours stand so far apart.
  std::size_t dials(Uint128 distance) {
    node_.start(now_, {node_.self().place().local, endpoint("tcp://other:1")}, out_);
    pass(5min);
    const Uint128 self = node_.self().id().value();
    std::vector<Contact> neighbours;
    for (Uint128 i = 1; i <= NodeConfig{}.leaf_set_size / 2; ++i) {
      neighbours.push_back(contact_of(NodeId(self + i * distance)));
      neighbours.push_back(contact_of(NodeId(self - i * distance)));
    }
    for (const Contact& one : neighbours) meet(one);
    std::size_t count = 0;
    for (Duration passed{}; passed < kTime; passed += 500ms) {
      pass(500ms);
      for (const Effect& effect : std::exchange(out_, {})) {
        if (const auto* send = std::get_if<Send>(&effect)) answer(*send);
        if (std::holds_alternative<Dial>(effect)) ++count;
      }
      for (const Contact& one : neighbours) receive(one, Heartbeat{true});
    }
    EXPECT_TRUE(node_.active());
    return count;
  }
  void answer(const Send& send) {
    if (const auto* probe = std::get_if<Probe>(&send.message)) {
      receive(send.to, ProbeReply{probe->nonce, {true, {node_.self()}, {}}});
    } else if (const auto* ping = std::get_if<Ping>(&send.message)) {
      receive(send.to, Pong{ping->nonce, true});
    }
  }

  static constexpr Duration kTime = 1h;
  const std::size_t usual_ = static_cast<std::size_t>(kTime / (NodeConfig{}.timers.heal * 16));
};

TEST_F(Dialing, IsUsualInASmallRing) {
  const std::size_t count = dials(Uint128{1} << 123);
  EXPECT_GT(count, usual_ * 3 / 4);
  EXPECT_LT(count, usual_ * 2);
}

TEST_F(Dialing, IsSeldomWhereManyOthersDoTheSame) {
  const std::size_t count = dials(Uint128{1} << 116);  // some thousands
  EXPECT_LT(count, usual_ / 4);
  EXPECT_GT(count, usual_ / 16);
}

}  // namespace
}  // namespace phyllo::overlay
