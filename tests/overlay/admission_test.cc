#include "overlay/admission.h"

#include <gmock/gmock.h>

#include "tests/overlay/lone_node.h"

// What the root of a join answers, word by word.

namespace phyllo::overlay {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class AdmissionTest : public LoneNode {
 protected:
  AdmissionTest() { found(); }

  /// A join request that ends its way here. Each comes as a hop of its own.
  void ask_to_join(const Contact& joiner, std::uint64_t attempt = 1) {
    receive(joiner,
            Hop{++requests_, 1, 1, Key::at(joiner.id()), joiner, 1, JoinRequest{attempt, {}}});
  }
  /// Who was admitted since the last look.
  std::vector<NodeId> admitted() {
    std::vector<NodeId> ids;
    for (const auto& [to, reply] : sent<JoinAccepted>()) ids.push_back(to.id());
    return ids;
  }
  std::vector<JoinRefused> refused() {
    std::vector<JoinRefused> refusals;
    for (const auto& [to, reply] : sent<JoinRefused>()) refusals.push_back(reply);
    return refusals;
  }
  LeafSetState state(bool active) { return {active, {node_.self()}, {}}; }

  std::uint64_t requests_ = 0;
  const Contact first_ = contact_at(0x90);
  const Contact second_ = contact_at(0x70);
  const Contact third_ = contact_at(0x84);
};

/// Concurrent joins between the same two neighbours can tear a ring for good.
TEST_F(AdmissionTest, lets_one_joiner_in_at_a_time) {
  ask_to_join(first_);
  ask_to_join(second_);
  ask_to_join(third_);
  EXPECT_THAT(admitted(), ElementsAre(first_.id()));
  receive(first_, Probe{1, state(false)});
  EXPECT_THAT(admitted(), IsEmpty()) << "it is not active yet";
  receive(first_, Heartbeat{true});
  EXPECT_THAT(admitted(), ElementsAre(second_.id()));
  receive(second_, Heartbeat{true});
  EXPECT_THAT(admitted(), ElementsAre(third_.id()));
}

TEST_F(AdmissionTest, answers_a_request_that_comes_again_and_takes_a_new_one_for_a_new_start) {
  ask_to_join(first_, 1);
  EXPECT_THAT(admitted(), SizeIs(1));
  ask_to_join(first_, 1);
  EXPECT_THAT(admitted(), SizeIs(1)) << "the answer may have been lost";
  ask_to_join(first_, 2);
  EXPECT_THAT(admitted(), SizeIs(1));
  EXPECT_EQ(node_.stats().joins_admitted, 2u);
}

TEST_F(AdmissionTest, takes_the_next_when_the_first_left) {
  ask_to_join(first_);
  receive(first_, Probe{1, state(false)});
  ask_to_join(second_);
  EXPECT_THAT(admitted(), ElementsAre(first_.id()));
  receive(first_, Leaving{});
  EXPECT_THAT(admitted(), ElementsAre(second_.id()));
}

TEST_F(AdmissionTest, asks_a_joiner_of_which_it_hears_nothing_and_takes_the_next_when_it_is_gone) {
  ask_to_join(first_);
  ask_to_join(second_);
  EXPECT_THAT(admitted(), ElementsAre(first_.id()));
  pass(10s);
  EXPECT_THAT(admitted(), ElementsAre(second_.id()));
}

TEST_F(AdmissionTest, does_not_wait_for_ever_for_a_joiner_that_answers_and_never_is_active) {
  ask_to_join(first_);
  ask_to_join(second_);
  out_.clear();
  std::vector<NodeId> later;
  for (int i = 0; i < 300 && later.empty(); ++i) {
    pass(50ms);
    std::vector<std::pair<Contact, Probe>> probes;
    for (const Effect& effect : out_) {
      const auto* send = std::get_if<Send>(&effect);
      if (!send) continue;
      if (std::holds_alternative<JoinAccepted>(send->message)) later.push_back(send->to.id());
      if (const auto* probe = std::get_if<Probe>(&send->message))
        probes.emplace_back(send->to, *probe);
    }
    out_.clear();
    for (const auto& [to, probe] : probes) {
      if (to == first_) receive(first_, ProbeReply{probe.nonce, state(false)});
    }
  }
  EXPECT_THAT(later, ElementsAre(second_.id()));
}

TEST_F(AdmissionTest, keeps_one_place_in_a_bounded_queue_for_each_joiner) {
  ask_to_join(first_);
  for (int i = 0; i < 3; ++i) ask_to_join(second_, 7 + static_cast<std::uint64_t>(i));
  for (std::uint64_t i = 0; i < Admission::kMaxQueue + 10; ++i) {
    ask_to_join(contact_of(at(0xa0, i + 1)));
  }
  std::vector<NodeId> order = admitted();
  receive(first_, Leaving{});
  for (std::size_t i = 0; i < Admission::kMaxQueue + 20; ++i) {
    const auto next = admitted();
    if (next.empty()) break;
    order.insert(order.end(), next.begin(), next.end());
    for (const NodeId id : next) receive(contact_of(id), Leaving{});
  }
  EXPECT_EQ(order.size(), 1 + Admission::kMaxQueue);
  EXPECT_EQ(std::count(order.begin(), order.end(), second_.id()), 1);
}

TEST_F(AdmissionTest, never_names_a_joiner_to_itself) {
  meet(first_);
  receive(first_, Leaving{});
  meet(second_);
  ask_to_join(first_.reborn(1));
  const auto replies = sent<JoinAccepted>();
  ASSERT_THAT(replies, SizeIs(1));
  EXPECT_THAT(replies[0].second.leaves, ElementsAre(node_.self(), second_));
}

TEST_F(AdmissionTest, tells_a_joiner_that_was_known_in_this_or_a_later_life_so) {
  meet(contact_at(0x90, 3));
  for (const Incarnation life : {0u, 2u, 3u}) {
    ask_to_join(contact_at(0x90, life), 10 + life);
    const auto refusals = refused();
    ASSERT_THAT(refusals, SizeIs(1)) << life;
    EXPECT_EQ(refusals[0].reason, JoinRefused::Reason::kKnownInLaterLife);
    EXPECT_EQ(refusals[0].incarnation, 3u);
  }
  ask_to_join(contact_at(0x90, 4), 20);
  EXPECT_THAT(admitted(), ElementsAre(at(0x90)));
}

TEST_F(AdmissionTest, refuses_an_id_whose_bearer_answers_and_takes_it_when_that_one_does_not) {
  meet(first_);
  const Contact thief(first_.id(), 0, contact_at(0x33).place());
  receive(thief, Hop{50, 1, 1, Key::at(thief.id()), thief, 1, JoinRequest{1, {}}});
  std::uint64_t nonce = 0;
  for (const auto& [to, probe] : sent<Probe>()) {
    if (to == first_) nonce = probe.nonce;
  }
  ASSERT_NE(nonce, 0u) << "it is asked first";
  receive(first_, ProbeReply{nonce, state(true)});
  const auto refusals = refused();
  ASSERT_THAT(refusals, SizeIs(1));
  EXPECT_EQ(refusals[0].reason, JoinRefused::Reason::kIdTaken);
  EXPECT_EQ(refusals[0].holder, first_);
}

}  // namespace
}  // namespace phyllo::overlay
