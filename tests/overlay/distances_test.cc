#include <gmock/gmock.h>

#include "tests/overlay/lone_node.h"

// Whom a node measures, and whom it tells what it measured.

namespace phyllo::overlay {
namespace {

using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::Pair;
using ::testing::SizeIs;

class Distances : public LoneNode {
 protected:
  Distances() { found(); }

  /// Somebody is a member whose round trip is this long; the node asked for it.
  void meet_at(const Contact& peer, Duration round_trip, Duration occupant) {
    receive(peer, Probe{1, {true, {node_.self()}, {}}});
    const auto pings = sent<Ping>();
    now_ += round_trip;
    for (const auto& [to, ping] : pings) {
      if (to == peer) receive(peer, Pong{ping.nonce, true, occupant});
    }
  }
  /// The next row that the node asks somebody for.
  std::pair<Contact, Ask> next_question() {
    for (;;) {
      now_ = node_.next_tick();
      node_.tick(now_, out_);
      const auto questions = sent<Ask>();
      if (!questions.empty()) return questions.front();
    }
  }
  std::vector<NodeId> pinged() {
    std::vector<NodeId> ids;
    for (const auto& [to, ping] : sent<Ping>()) ids.push_back(to.id());
    return ids;
  }
};

TEST_F(Distances, are_told_to_whom_holds_nobody_nearer) {
  meet_at(contact_at(0x10), 5ms, Duration::zero());
  const auto told = sent<Measured>();
  ASSERT_THAT(told, SizeIs(1));
  EXPECT_EQ(told[0].second.round_trip, 5ms);
  meet_at(contact_at(0x20), 5ms, 6ms);
  EXPECT_THAT(sent<Measured>(), SizeIs(1));
  meet_at(contact_at(0x30), 5ms, 5ms);
  EXPECT_THAT(sent<Measured>(), SizeIs(1)) << "of two that are as near the other one draws";
  meet_at(contact_at(0x40), 5ms, 4ms);
  EXPECT_THAT(sent<Measured>(), IsEmpty());
}

TEST_F(Distances, of_another_region_count_as_they_are_weighed) {
  const auto factor = static_cast<int>(NodeConfig().cross_region_factor);
  const Contact near = contact_at(0x10);
  const Contact abroad(near.id(), 0, {"elsewhere", near.place().local, near.place().wan});
  meet_at(abroad, 5ms, factor * 5ms - 1ns);
  EXPECT_THAT(sent<Measured>(), IsEmpty());
  receive(contact_at(0x11), Ping{7, true});
  EXPECT_EQ(sent<Pong>()[0].second.occupant, factor * 5ms);
}

TEST_F(Distances, are_not_wanted_twice) {
  meet_at(contact_at(0x10), 5ms, Duration::zero());
  out_.clear();
  receive(contact_at(0x10), Ping{7, true});
  EXPECT_EQ(sent<Pong>()[0].second.occupant, 1ns) << "the way to the one who asks is known";
}

TEST_F(Distances, to_whom_the_table_holds_go_with_answers) {
  EXPECT_EQ(node_.routing_table().size(), 0u);
  meet_at(contact_at(0x10), 5ms, Duration::zero());
  out_.clear();
  receive(contact_at(0x20), Ping{7, true});
  EXPECT_EQ(sent<Pong>()[0].second.occupant, Duration::zero());
  receive(contact_at(0x11), Ping{7, true});
  EXPECT_EQ(sent<Pong>()[0].second.occupant, 5ms) << "0x10 stands where 0x11 would";
  receive(contact_at(0x11), Probe{7, {true, {}, {}}});
  EXPECT_EQ(sent<ProbeReply>()[0].second.occupant, 5ms);
  receive(contact_at(0x20), Ask{7, AskRow{0}});
  const auto answers = sent<Answer>();
  ASSERT_THAT(answers, SizeIs(1));
  ASSERT_THAT(answers[0].second.contacts, SizeIs(1));
  EXPECT_EQ(answers[0].second.round_trip(0), 5ms);
}

TEST_F(Distances, are_not_measured_to_those_who_cannot_be_nearer_by_the_triangle) {
  for (const int digit : {1, 2, 3, 4, 5}) {
    meet_at(contact_at(static_cast<std::uint8_t>(digit << 4)), 5ms, 1ms);
  }
  const auto [teller, question] = next_question();
  const Contact far = contact_at(0x1f);
  const Contact near = contact_at(0x2f);
  const Contact unknown = contact_at(0x3f);
  const Contact first = contact_at(0xff);
  receive(teller, Answer{question.nonce,
                         true,
                         1,
                         {far, near, unknown, first},
                         {11ms, 9ms, Duration::zero(), 30ms}});
  const auto measured = pinged();
  EXPECT_THAT(measured, Not(Contains(far.id()))) << "at least 6 ms, and the occupant is at 5";
  EXPECT_THAT(measured, Contains(near.id()));
  EXPECT_THAT(measured, Contains(unknown.id()));
  EXPECT_THAT(measured, Contains(first.id())) << "nobody is in its slot";
}

}  // namespace
}  // namespace phyllo::overlay
