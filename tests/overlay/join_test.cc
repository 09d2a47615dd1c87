#include "overlay/join.h"

#include <gmock/gmock.h>

#include <map>

#include "tests/overlay/lone_node.h"

// What a node that joins makes of the answers it gets.

namespace phyllo::overlay {
namespace {

using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using State = StateChanged::State;

class JoinTest : public LoneNode {
 protected:
  /// Finds one active seed and asks it to be let in; the attempt of the request.
  std::uint64_t ask_to_join() {
    node_.start(now_, {seed_.place().local}, out_);
    node_.dialed(now_, seed_.place().local, seed_, out_);
    for (int i = 0; i < 10 && node_.state() == State::kSeeking; ++i) {
      const auto questions = peek<Ask>();
      for (const auto& [to, ping] : sent<Ping>()) receive(to, Pong{ping.nonce, true});
      for (const auto& [to, question] : questions)
        receive(to, Answer{question.nonce, true, 0, {}, {}});
      if (node_.state() == State::kSeeking) pass(10ms);
    }
    EXPECT_EQ(node_.state(), State::kJoining);
    return attempt();
  }
  /// Of the latest request.
  std::uint64_t attempt() {
    const auto hops = sent<Hop>();
    if (hops.empty()) return 0;
    return std::get<JoinRequest>(hops.back().second.cargo).attempt;
  }
  template <class M>
  std::vector<std::pair<Contact, M>> peek() {
    Effects before = out_;
    auto found = sent<M>();
    out_ = std::move(before);
    return found;
  }

  const Contact seed_ = contact_at(0x90);
};

TEST_F(JoinTest, is_let_in_by_the_answer_to_its_present_request_only) {
  const std::uint64_t request = ask_to_join();
  receive(seed_, JoinAccepted{request + 1, {seed_}, {}});
  EXPECT_EQ(node_.state(), State::kJoining);
  receive(seed_, JoinAccepted{request, {seed_}, {}});
  EXPECT_EQ(node_.state(), State::kWaiting);
}

TEST_F(JoinTest, is_active_only_when_everybody_it_heard_of_has_answered) {
  const Contact second = contact_at(0xa0);
  receive(seed_, JoinAccepted{ask_to_join(), {seed_, second}, {}});
  const auto probes = sent<Probe>();
  ASSERT_THAT(probes, SizeIs(2));
  receive(probes[0].first, ProbeReply{probes[0].second.nonce, {true, {}, {}}});
  EXPECT_EQ(node_.state(), State::kWaiting);
  receive(probes[1].first, ProbeReply{probes[1].second.nonce, {true, {}, {}}});
  for (const auto& [to, probe] : sent<Probe>()) {  // whether the ring is known whole by now
    EXPECT_EQ(node_.state(), State::kWaiting);
    receive(to, ProbeReply{probe.nonce, {true, {node_.self(), seed_, second}, {}}});
  }
  EXPECT_TRUE(node_.active());
}

TEST_F(JoinTest, asks_the_nearest_leaves_only_and_tells_all_it_heard_of) {
  std::vector<Contact> leaves{seed_};
  const int half = static_cast<int>(NodeConfig().leaf_set_size) / 2;
  for (int i = 1; i <= half; ++i) leaves.push_back(contact_at(static_cast<std::uint8_t>(0x90 + i)));
  for (int i = 1; i <= half; ++i) leaves.push_back(contact_at(static_cast<std::uint8_t>(0x80 - i)));
  receive(seed_, JoinAccepted{ask_to_join(), leaves, {}});
  const auto probes = sent<Probe>();
  EXPECT_THAT(probes, SizeIs(2 * half)) << "the last on the root's side is one too many";
  for (const auto& [to, probe] : probes) {
    EXPECT_NE(to, leaves[static_cast<std::size_t>(half)]);
    EXPECT_FALSE(probe.state.active);
    EXPECT_THAT(probe.state.leaves, SizeIs(2 * half));
  }
}

TEST_F(JoinTest, measures_nobody_twice_on_its_way_to_a_near_member) {
  const Contact other = contact_at(0x10);
  node_.start(now_, {seed_.place().local}, out_);
  node_.dialed(now_, seed_.place().local, seed_, out_);
  std::map<NodeId, int> measured;
  for (int i = 0; i < 10 && node_.state() == State::kSeeking; ++i) {
    const auto questions = peek<Ask>();
    for (const auto& [to, ping] : sent<Ping>()) {
      ++measured[to.id()];
      now_ += to == other ? 1ms : 2ms;
      receive(to, Pong{ping.nonce, true});
    }
    for (const auto& [to, question] : questions) {
      receive(to, Answer{question.nonce, true, 3, {to == seed_ ? other : seed_}, {}});
    }
  }
  EXPECT_EQ(node_.state(), State::kJoining);
  EXPECT_EQ(measured[seed_.id()], 1);
  EXPECT_EQ(measured[other.id()], 1);
}

/// Of those it knows all may die: then it has these left.
TEST_F(JoinTest, asks_whom_it_was_only_told_of_when_it_has_no_leaves_left) {
  const Contact likely = contact_at(0x11);
  const Contact told_of = contact_at(0x12);
  receive(seed_, JoinAccepted{ask_to_join(), {seed_}, {likely, told_of}});
  const auto pinged = [](const auto& pings) {
    std::vector<Contact> all;
    for (const auto& [to, ping] : pings) all.push_back(to);
    return all;
  };
  for (int round = 0; round < 5 && !node_.active(); ++round) {
    EXPECT_THAT(pinged(peek<Ping>()), Not(Contains(told_of)));
    for (const auto& [to, probe] : sent<Probe>()) {
      receive(to, ProbeReply{probe.nonce, {true, {node_.self(), seed_}, {}}});
    }
  }
  ASSERT_TRUE(node_.active());
  EXPECT_THAT(pinged(sent<Ping>()), Not(Contains(told_of)));
  receive(seed_, Leaving{});
  EXPECT_THAT(pinged(sent<Ping>()), Contains(told_of));
}

TEST_F(JoinTest, heeds_a_refusal_of_its_present_request_only) {
  const std::uint64_t request = ask_to_join();
  using Reason = JoinRefused::Reason;
  receive(seed_, JoinRefused{request + 1, Reason::kIdTaken, 0, seed_});
  receive(seed_, JoinRefused{request + 1, Reason::kKnownInLaterLife, 4, std::nullopt});
  EXPECT_EQ(node_.state(), State::kJoining);
  EXPECT_EQ(node_.self().incarnation(), 0u);
  receive(seed_, JoinRefused{request, Reason::kIdTaken, 0, seed_});
  EXPECT_EQ(node_.state(), State::kResigned);
}

TEST_F(JoinTest, comes_back_in_the_life_after_the_last_one_known_and_asks_at_once) {
  using Reason = JoinRefused::Reason;
  const std::uint64_t request = ask_to_join();
  receive(seed_, JoinRefused{request, Reason::kKnownInLaterLife, kMaxIncarnation, std::nullopt});
  EXPECT_EQ(node_.self().incarnation(), 0u) << "nobody has lived so often";
  receive(seed_, JoinRefused{request, Reason::kKnownInLaterLife, 4, std::nullopt});
  EXPECT_EQ(node_.self().incarnation(), 5u);
  EXPECT_NE(attempt(), 0u);
}

TEST_F(JoinTest, asks_another_seed_when_nobody_answers_its_request) {
  ask_to_join();
  pass(60s);
  EXPECT_GT(taken<Dial>().size(), 0u);
  EXPECT_EQ(node_.state(), State::kSeeking);
}

/// Or all seeds of a new cluster would found a ring, each its own.
TEST_F(JoinTest, leaves_the_founding_to_a_seed_with_a_smaller_id_but_not_for_ever) {
  const Contact other = contact_at(0x70);
  const Duration patience = NodeConfig{}.timers.founding_patience;
  node_.start(now_, {node_.self().place().local, other.place().local}, out_);
  for (int i = 0; i < 100 && !node_.active(); ++i) {
    for (const Dial& dial : taken<Dial>()) node_.dialed(now_, dial.endpoint, other, out_);
    for (const auto& [to, question] : sent<Ask>()) {
      receive(to, Answer{question.nonce, false, 0, {}, {}});
    }
    pass(patience / 10);
    EXPECT_TRUE(now_ >= Time{} + 2 * patience || !node_.active());
  }
  EXPECT_TRUE(node_.active());
}

TEST_F(JoinTest, founds_the_ring_when_the_other_seeds_have_larger_ids) {
  const Contact other = contact_at(0x90);
  const Duration patience = NodeConfig{}.timers.founding_patience;
  node_.start(now_, {node_.self().place().local, other.place().local}, out_);
  node_.dialed(now_, other.place().local, other, out_);
  for (const auto& [to, question] : sent<Ask>())
    receive(to, Answer{question.nonce, false, 0, {}, {}});
  pass(patience + 100ms);
  EXPECT_TRUE(node_.active());
}

}  // namespace
}  // namespace phyllo::overlay
