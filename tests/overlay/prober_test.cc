#include "overlay/prober.h"

#include <gtest/gtest.h>

#include "tests/overlay/samples.h"

namespace phyllo::overlay {
namespace {

using namespace std::chrono_literals;
using Purpose = Prober::Purpose;

/// A prober of a node at 80 with the lan profile: 250 ms, three attempts.
class ProberTest : public ::testing::Test {
 protected:
  Turn turn() { return {now_, out_}; }
  void probe(const Contact& peer, Purpose purpose) {
    Turn t = turn();
    prober_.probe(t, peer, purpose);
  }
  /// Lets `duration` pass, ticking when asked to.
  void pass(Duration duration) {
    const Time end = now_ + duration;
    while (prober_.next_tick() <= end) {
      now_ = prober_.next_tick();
      Turn t = turn();
      prober_.tick(t);
    }
    now_ = end;
  }
  /// How many messages went to the peer since the last call, and the nonce of the last one.
  int asked(NodeId peer) {
    int count = 0;
    for (const Effect& effect : out_) {
      const auto* send = std::get_if<Send>(&effect);
      if (!send || send->to.id() != peer) continue;
      ++count;
      if (const auto* ping = std::get_if<Ping>(&send->message)) nonce_ = ping->nonce;
      if (const auto* probe = std::get_if<Probe>(&send->message)) nonce_ = probe->nonce;
    }
    out_.clear();
    return count;
  }

  Time now_{};
  Effects out_;
  View view_{NodeConfig{}, contact_at(0x80), 1};
  Prober prober_{view_};
  std::uint64_t nonce_ = 0;
  const Contact peer_ = contact_at(0x90);
};

TEST_F(ProberTest, asks_three_times_and_then_gives_its_verdict) {
  probe(peer_, Purpose::kLeafSet);
  EXPECT_EQ(asked(peer_.id()), 1);
  pass(740ms);
  EXPECT_EQ(asked(peer_.id()), 2);
  EXPECT_TRUE(prober_.take_silent().empty());
  pass(20ms);
  const auto silent = prober_.take_silent();
  ASSERT_EQ(silent.size(), 1u);
  EXPECT_EQ(silent.front().contact, peer_);
  EXPECT_FALSE(prober_.open(peer_.id()));
  EXPECT_EQ(prober_.next_tick(), kNever);
}

/// Of a routing-table entry that never answers.
TEST_F(ProberTest, asks_an_entry_more_often_where_answers_get_lost) {
  const auto answered_at_try = [&](int tries) {
    probe(peer_, Purpose::kMeasure);
    if (tries == 2) pass(260ms);
    asked(peer_.id());
    ASSERT_TRUE(prober_.answered(now_, peer_.id(), nonce_));
  };
  const auto tries_in_vain = [&] {
    probe(peer_, Purpose::kTable);
    pass(1min);
    EXPECT_EQ(prober_.take_silent().size(), 1u);
    return asked(peer_.id());
  };
  for (int i = 0; i < 200; ++i) answered_at_try(1);
  EXPECT_EQ(tries_in_vain(), 4);
  answered_at_try(2);
  EXPECT_EQ(tries_in_vain(), 5);
  for (int i = 0; i < 10; ++i) answered_at_try(2);
  EXPECT_EQ(tries_in_vain(), 6);
}

TEST_F(ProberTest, gives_an_entry_ever_more_time) {
  probe(peer_, Purpose::kTable);
  std::vector<Duration> waits;
  for (Time last = now_; prober_.next_tick() != kNever; last = now_) {
    pass(prober_.next_tick() - now_);
    waits.push_back(now_ - last);
  }
  EXPECT_EQ(waits, (std::vector<Duration>{250ms, 500ms, 750ms, 750ms}));
}

/// A message whose root is doubted waits for the verdict.
TEST_F(ProberTest, asks_a_doubted_leaf_as_fast_as_it_used_to_answer_and_once_more_often) {
  Prober prober(view_);
  const auto verdict_after = [&](Prober::Evidence evidence) {
    Turn t = turn();
    const Time asked_at = now_;
    prober.doubt(t, peer_, Purpose::kLeafSet, evidence);
    while (prober.next_tick() != kNever) {
      now_ = prober.next_tick();
      Turn later = turn();
      prober.tick(later);
    }
    EXPECT_EQ(prober.take_silent().size(), 1u);
    return now_ - asked_at;
  };
  Peer* peer = view_.peers.meet(peer_, now_);
  peer->spoke = true;
  peer->round_trip.add(5ms);  // the shortest wait is 100 ms, the longest 250 ms
  EXPECT_EQ(verdict_after(Prober::Evidence::kOwn), 100ms + 150ms + 225ms + 250ms);
  EXPECT_EQ(asked(peer_.id()), 4);
  EXPECT_EQ(verdict_after(Prober::Evidence::kHearsay), 250ms) << "others decide about it";
  EXPECT_EQ(asked(peer_.id()), 1);
  view_.leaves.insert(peer_);
  EXPECT_EQ(verdict_after(Prober::Evidence::kHearsay), 100ms + 150ms) << "it stands next to us";
  EXPECT_EQ(asked(peer_.id()), 2);
}

TEST_F(ProberTest, measures_the_round_trip_of_the_try_that_is_answered) {
  probe(peer_, Purpose::kMeasure);
  asked(peer_.id());
  const std::uint64_t first = nonce_;
  pass(260ms);
  asked(peer_.id());
  now_ += 5ms;
  const auto late = prober_.answered(now_, peer_.id(), first);
  ASSERT_TRUE(late);
  EXPECT_EQ(late->round_trip, 265ms) << "longer than it waits for a single try";

  probe(peer_, Purpose::kMeasure);
  asked(peer_.id());
  now_ += 7ms;
  const auto answer = prober_.answered(now_, peer_.id(), nonce_);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->round_trip, 7ms);
}

TEST_F(ProberTest, measures_nothing_by_a_try_of_long_ago_or_one_that_it_never_made) {
  probe(peer_, Purpose::kLeafSet);
  asked(peer_.id());
  const std::uint64_t first = nonce_;
  for (int tries = 1; tries <= Prober::kTimedTries; ++tries) {
    Turn t = turn();
    prober_.start_over(t);
  }
  const auto old = prober_.answered(now_, peer_.id(), first);
  ASSERT_TRUE(old);
  EXPECT_FALSE(old->round_trip);

  probe(peer_, Purpose::kMeasure);
  asked(peer_.id());
  const auto early = prober_.answered(now_, peer_.id(), nonce_ + 1);
  ASSERT_TRUE(early);
  EXPECT_FALSE(early->round_trip);
}

TEST_F(ProberTest, takes_no_answer_that_nobody_asked_for) {
  EXPECT_FALSE(prober_.answered(now_, peer_.id(), 1));
  probe(peer_, Purpose::kTable);
  asked(peer_.id());
  EXPECT_FALSE(prober_.answered(now_, peer_.id(), nonce_ ^ (1ull << 40)));
  EXPECT_FALSE(prober_.answered(now_, at(0x91), nonce_));
  EXPECT_TRUE(prober_.answered(now_, peer_.id(), nonce_));
  EXPECT_FALSE(prober_.answered(now_, peer_.id(), nonce_)) << "a duplicate";
}

TEST_F(ProberTest, has_one_open_question_for_each_peer) {
  for (int i = 0; i < 10; ++i) probe(peer_, Purpose::kTable);
  EXPECT_EQ(asked(peer_.id()), 1);
  probe(peer_, Purpose::kLeafSet);  // a weightier one exchanges leaf sets at once
  EXPECT_EQ(asked(peer_.id()), 1);
  EXPECT_TRUE(prober_.probing_leaves());
  probe(peer_, Purpose::kMeasure);
  EXPECT_EQ(asked(peer_.id()), 0);
  EXPECT_EQ(prober_.size(), 1u);
}

TEST_F(ProberTest, asks_a_later_life_anew) {
  probe(peer_, Purpose::kLeafSet);
  probe(peer_.reborn(2), Purpose::kLeafSet);
  EXPECT_EQ(asked(peer_.id()), 2);
  pass(1s);
  const auto silent = prober_.take_silent();
  ASSERT_EQ(silent.size(), 1u);
  EXPECT_EQ(silent.front().contact.incarnation(), 2u);
}

TEST_F(ProberTest, hurries_when_the_link_breaks_and_counts_each_break) {
  const auto break_link = [&] {
    Turn t = turn();
    prober_.link_broke(t, peer_, Purpose::kLeafSet);
  };
  break_link();
  EXPECT_EQ(asked(peer_.id()), 1);
  break_link();
  EXPECT_EQ(asked(peer_.id()), 1);
  break_link();
  EXPECT_EQ(asked(peer_.id()), 1);
  EXPECT_TRUE(prober_.take_silent().empty());
  break_link();
  const auto silent = prober_.take_silent();
  ASSERT_EQ(silent.size(), 1u);
  EXPECT_TRUE(silent.front().link_broken);
}

TEST_F(ProberTest, after_one_broken_link_finds_a_silent_peer_in_half_the_time) {
  Turn t = turn();
  prober_.link_broke(t, peer_, Purpose::kTable);
  pass(370ms);
  EXPECT_TRUE(prober_.take_silent().empty());
  pass(10ms);
  EXPECT_EQ(prober_.take_silent().size(), 1u);
}

TEST_F(ProberTest, asks_on_while_the_peer_speaks_but_not_for_ever) {
  view_.peers.meet(peer_, now_);
  probe(peer_, Purpose::kLeafSet);
  for (int i = 0; i < 7; ++i) {
    view_.peers.find(peer_.id())->heard = now_ + 1ms;
    pass(200ms);
  }
  EXPECT_TRUE(prober_.take_silent().empty());
  EXPECT_EQ(asked(peer_.id()), 6);
  pass(250ms);
  EXPECT_EQ(prober_.take_silent().size(), 1u) << "it hears nothing of what we say";
}

TEST_F(ProberTest, asks_by_routine_with_patience_that_ends_when_there_is_a_reason) {
  view_.peers.meet(peer_, now_)->spoke = true;
  probe(peer_, Purpose::kLeafSet);
  pass(600ms);
  EXPECT_EQ(asked(peer_.id()), 3);
  Turn t = turn();
  prober_.doubt(t, peer_, Purpose::kLeafSet, Prober::Evidence::kHearsay);
  EXPECT_EQ(asked(peer_.id()), 0);
  EXPECT_TRUE(view_.peers.find(peer_.id())->suspected);
  pass(200ms);
  EXPECT_EQ(prober_.take_silent().size(), 1u);
}

TEST_F(ProberTest, gives_everybody_all_attempts_again_after_a_sleep_of_this_process) {
  probe(peer_, Purpose::kLeafSet);
  pass(600ms);
  asked(peer_.id());
  now_ += 1h;
  Turn t = turn();
  prober_.start_over(t);
  EXPECT_EQ(asked(peer_.id()), 1);
  pass(740ms);
  EXPECT_TRUE(prober_.take_silent().empty());
  pass(20ms);
  EXPECT_EQ(prober_.take_silent().size(), 1u);
}

TEST_F(ProberTest, has_a_bounded_number_of_open_questions) {
  for (std::uint64_t i = 0; i < 2 * Prober::kMaxOpen; ++i) {
    probe(contact_of(at(1, i)), Purpose::kLeafSet);
  }
  EXPECT_EQ(prober_.size(), Prober::kMaxOpen);
}

TEST_F(ProberTest, does_not_ask_itself_nor_whoever_was_where_it_is_now) {
  probe(view_.self, Purpose::kLeafSet);
  probe(Contact(at(0x33), 0, view_.self.place()), Purpose::kLeafSet);
  EXPECT_TRUE(out_.empty());
  EXPECT_EQ(prober_.size(), 0u);
}

}  // namespace
}  // namespace phyllo::overlay
