#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>

#include "overlay/acquaintances.h"
#include "overlay/hop_window.h"
#include "overlay/node_config.h"
#include "overlay/past_contacts.h"
#include "overlay/peers.h"
#include "overlay/round_trip.h"
#include "tests/overlay/samples.h"

namespace phyllo::overlay {
namespace {

using namespace std::chrono_literals;

constexpr Time kStart{};

TEST(RoundTrip, waits_longer_than_any_usual_answer_takes) {
  RoundTrip trip;
  EXPECT_FALSE(trip.measured());
  EXPECT_EQ(trip.timeout(10ms), 30ms);
  for (int i = 0; i < 50; ++i) trip.add(i % 2 ? 40ms : 60ms);
  EXPECT_GT(trip.timeout(10ms), 60ms);
  EXPECT_LT(trip.timeout(10ms), 150ms);
  EXPECT_EQ(trip.timeout(500ms), 500ms);
}

TEST(RoundTrip, settles_on_a_steady_one) {
  RoundTrip trip;
  for (int i = 0; i < 100; ++i) trip.add(20ms);
  EXPECT_NEAR(static_cast<double>(trip.smoothed().count()), 20e6, 1e3);
  EXPECT_LT(trip.timeout(1ms), 21ms);
}

RC_GTEST_PROP(RoundTrip, stays_measured_and_positive_whatever_is_added, ()) {
  RoundTrip trip;
  for (int i = 0; i < 20; ++i) trip.add(Duration(*rc::gen::inRange<std::int64_t>(0, 3600e9)));
  RC_ASSERT(trip.measured());
  RC_ASSERT(trip.timeout(1ms) >= 1ms);
  RC_ASSERT(trip.timeout(1ms) < 10h);
}

TEST(Peers, start_afresh_with_a_later_life) {
  Peers peers;
  peers.meet(contact_at(1), kStart)->round_trip.add(5ms);
  EXPECT_TRUE(peers.meet(contact_at(1), kStart + 1s)->round_trip.measured());
  Peer* reborn = peers.meet(contact_at(1, 2), kStart + 1s);
  EXPECT_FALSE(reborn->round_trip.measured());
  EXPECT_EQ(reborn->contact.incarnation(), 2u);
  EXPECT_EQ(peers.meet(contact_at(1, 1), kStart + 2s)->contact.incarnation(), 2u);
}

TEST(Peers, are_bounded) {
  Peers peers;
  for (std::uint64_t i = 0; i < 2 * Peers::kLimit; ++i) {
    const Peer* met = peers.meet(contact_of(at(1, i)), kStart);
    EXPECT_EQ(met != nullptr, i < Peers::kLimit);
  }
  EXPECT_EQ(peers.size(), Peers::kLimit);
}

TEST(Peers, are_forgotten_when_idle_unless_kept) {
  Peers peers;
  for (std::uint8_t i = 1; i <= 3; ++i) peers.meet(contact_at(i), kStart);
  peers.find(at(2))->heard = kStart + 10s;
  peers.forget_idle(kStart + 5s, [](NodeId id) { return id == at(3); });
  EXPECT_EQ(peers.find(at(1)), nullptr);
  EXPECT_NE(peers.find(at(2)), nullptr);
  EXPECT_NE(peers.find(at(3)), nullptr);
}

TEST(Peers, hand_out_those_forgotten_who_spoke_and_were_not_suspected) {
  Peers peers;
  for (std::uint8_t i = 1; i <= 4; ++i) peers.meet(contact_at(i), kStart);
  for (std::uint8_t i = 1; i <= 3; ++i) peers.find(at(i))->spoke = true;
  peers.find(at(2))->suspected = true;
  const auto forgotten = peers.forget_idle(kStart + 5s, [](NodeId id) { return id == at(3); });
  EXPECT_EQ(forgotten, std::vector<Contact>{contact_at(1)});
}

TEST(Acquaintances, are_the_latest_ones_each_in_its_last_life_until_they_are_taken) {
  Acquaintances acquaintances;
  acquaintances.add(contact_at(1));
  for (std::uint64_t i = 1; i < Acquaintances::kLimit; ++i) acquaintances.add(contact_of(at(1, i)));
  acquaintances.add(contact_at(1, 2));
  EXPECT_EQ(acquaintances.size(), Acquaintances::kLimit);
  acquaintances.add(contact_at(3));
  EXPECT_EQ(acquaintances.size(), Acquaintances::kLimit);
  const auto taken = acquaintances.take_all();
  EXPECT_EQ(taken[taken.size() - 2], contact_at(1, 2));
  EXPECT_EQ(taken.back(), contact_at(3));
  EXPECT_EQ(acquaintances.size(), 0u);
}

TEST(Acquaintances, that_one_was_told_of_take_nobodys_place_and_go_first) {
  Acquaintances acquaintances;
  acquaintances.add(contact_at(1));
  for (std::uint64_t i = 1; i <= Acquaintances::kLimit; ++i) {
    acquaintances.hear_of(contact_of(at(2, i)));
  }
  EXPECT_EQ(acquaintances.size(), Acquaintances::kHearsay);
  acquaintances.hear_of(contact_at(1, 7));
  for (std::uint64_t i = 2; i <= Acquaintances::kLimit; ++i) {
    acquaintances.add(contact_of(at(1, i)));
  }
  const auto taken = acquaintances.take_all();
  ASSERT_EQ(taken.size(), Acquaintances::kLimit);
  EXPECT_EQ(taken.front(), contact_at(1));
}

TEST(PastContacts, tell_who_fell_silent_lately_and_not_who_left) {
  PastContacts past(1s);
  past.add(contact_at(1, 4), PastContacts::Cause::kSilent, kStart);
  past.add(contact_at(2), PastContacts::Cause::kLeft, kStart + 2s);
  past.add(contact_at(3), PastContacts::Cause::kSilent, kStart + 3s);
  EXPECT_EQ(past.silent_since(kStart - 1s), (std::vector<Departed>{{at(3), 0}, {at(1), 4}}));
  EXPECT_EQ(past.silent_since(kStart + 1s), (std::vector<Departed>{{at(3), 0}}));
}

TEST(PastContacts, are_tried_in_turn_the_latest_first_and_never_those_that_left) {
  PastContacts past(1s);
  past.add(contact_at(1), PastContacts::Cause::kSilent, kStart);
  past.add(contact_at(2), PastContacts::Cause::kLeft, kStart);
  past.add(contact_at(3), PastContacts::Cause::kSilent, kStart);
  std::vector<NodeId> tried;
  for (int i = 0; i < 4; ++i) {
    tried.push_back(past.take_next()->id());
    past.add(contact_at(3), PastContacts::Cause::kSilent, kStart + 1s);  // once more
  }
  EXPECT_EQ(tried, (std::vector<NodeId>{at(3), at(1), at(3), at(1)}));
  past.remove(at(1));
  past.remove(at(3));
  EXPECT_EQ(past.take_next(), std::nullopt);
}

TEST(PastContacts, are_tried_ever_more_seldom_while_others_claim_that_they_live) {
  PastContacts past(1s);
  past.add(contact_at(1), PastContacts::Cause::kSilent, kStart);
  past.add(contact_at(2), PastContacts::Cause::kLeft, kStart);
  std::vector<int> tries;
  for (int second = 0; second < 40; ++second) {
    const Time now = kStart + std::chrono::seconds(second);
    EXPECT_EQ(past.claimed(at(2), now), std::nullopt);
    EXPECT_EQ(past.claimed(at(3), now), std::nullopt);
    if (past.claimed(at(1), now)) tries.push_back(second);
  }
  EXPECT_EQ(tries, (std::vector<int>{1, 3, 7, 15, 23, 31, 39}));
}

TEST(PastContacts, are_bounded_and_drop_the_oldest) {
  PastContacts past(1s);
  for (std::uint64_t i = 0; i <= PastContacts::kLimit; ++i) {
    past.add(contact_of(at(1, i)), PastContacts::Cause::kSilent, kStart + Duration(i));
  }
  EXPECT_EQ(past.find(at(1, 0)), nullptr);
  EXPECT_NE(past.find(at(1, 1)), nullptr);
  EXPECT_TRUE(past.remove(at(1, 1)));
  EXPECT_FALSE(past.remove(at(1, 1)));
  EXPECT_EQ(past.find(at(1, 1)), nullptr);
}

TEST(HopWindow, knows_a_hop_it_has_seen) {
  HopWindow window;
  EXPECT_TRUE(window.first(at(1), 9, 5, 4));
  EXPECT_FALSE(window.first(at(1), 9, 5, 4));
  EXPECT_TRUE(window.first(at(2), 9, 5, 4));
  EXPECT_TRUE(window.first(at(1), 9, 4, 4));  // out of order, and not settled
  EXPECT_FALSE(window.first(at(1), 9, 4, 6));
  EXPECT_FALSE(window.first(at(1), 9, 5, 6));  // settled long ago
}

TEST(HopWindow, takes_the_hops_of_another_life_for_new) {
  HopWindow window;
  EXPECT_TRUE(window.first(at(1), 9, 1, 1));
  EXPECT_TRUE(window.first(at(1), 10, 1, 1));
  EXPECT_FALSE(window.first(at(1), 10, 1, 1));
}

TEST(HopWindow, forgets_the_longest_unheard_sender_when_there_are_too_many) {
  HopWindow window;
  for (std::uint64_t i = 0; i < HopWindow::kMaxSenders; ++i) window.first(at(1, i), 1, 1, 1);
  EXPECT_FALSE(window.first(at(1, 0), 1, 1, 1));  // now the latest one
  EXPECT_TRUE(window.first(at(2), 1, 1, 1));
  EXPECT_FALSE(window.first(at(1, 0), 1, 1, 1));
  EXPECT_TRUE(window.first(at(1, 1), 1, 1, 1));
}

/// The sender retransmits, reorders and settles at random; each hop is passed on exactly once as
/// long as it is not settled.
RC_GTEST_PROP(HopWindow, passes_each_hop_once, ()) {
  HopWindow window;
  std::set<std::uint64_t> seen;
  std::uint64_t settled = 1;
  for (int i = 0; i < 200; ++i) {
    const auto hop = settled + *rc::gen::inRange<std::uint64_t>(0, 20);
    RC_ASSERT(window.first(at(1), 3, hop, settled) == seen.insert(hop).second);
    while (seen.contains(settled) && *rc::gen::inRange(0, 2) == 0) ++settled;
  }
}

TEST(Timers, of_every_profile_make_sense) {
  for (const char* profile : {"lan", "wan", "paper"}) {
    const auto timers = Timers::named(profile);
    ASSERT_TRUE(timers) << profile;
    EXPECT_GT(timers->silence, timers->heartbeat);
    // Whoever was declared dead while it slept must notice by itself that it slept.
    EXPECT_LT(timers->pause, timers->minimum_rto + timers->probe_attempts * timers->probe_timeout);
    EXPECT_GE(timers->probe_attempts, 2);
  }
  EXPECT_FALSE(Timers::named("LAN"));
  EXPECT_FALSE(Timers::named(""));
}

TEST(Timers, of_the_lan_find_a_stopped_process_within_a_second_and_a_half) {
  const Timers lan = Timers::lan();
  EXPECT_LE(lan.silence + lan.probe_attempts * lan.probe_timeout, 1500ms);
  // A process may be starved for half a second on a busy machine.
  EXPECT_GT(lan.silence, 500ms);
}

}  // namespace
}  // namespace phyllo::overlay
