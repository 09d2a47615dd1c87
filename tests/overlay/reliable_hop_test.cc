#include "overlay/reliable_hop.h"

#include <gtest/gtest.h>

#include "tests/overlay/samples.h"

namespace phyllo::overlay {
namespace {

using namespace std::chrono_literals;
using State = StateChanged::State;

/// The reliable hop of an active node at 80 with leaves 88 90 | 78 70 and far entries 10 and 2a.
class ReliableHopTest : public ::testing::Test {
 protected:
  ReliableHopTest() {
    view_.state = State::kActive;
    for (const std::uint8_t byte : {0x88, 0x90, 0x78, 0x70}) view_.leaves.insert(contact_at(byte));
    for (const std::uint8_t byte : {0x10, 0x2a}) view_.table.put(contact_at(byte));
    Turn t = turn();
    hops_.start(t);
  }
  static NodeConfig config() {
    NodeConfig config;
    config.leaf_set_size = 4;
    config.buffer_bytes = 4000;
    return config;
  }
  Turn turn() { return {now_, out_}; }
  void send(std::uint8_t key, std::size_t bytes = 1) {
    Turn t = turn();
    hops_.send(t, Parcel{Key::at(at(key)), view_.self, view_.self, 0,
                         AppMessage{"h", Payload::from(std::string(bytes, 'b'))}});
  }
  void pass(Duration duration) {
    const Time end = now_ + duration;
    while (hops_.next_tick() <= end) {
      now_ = hops_.next_tick();
      Turn t = turn();
      hops_.tick(t);
    }
    now_ = end;
  }
  /// The hops sent since the last call.
  std::vector<Send> sent() {
    std::vector<Send> hops;
    for (Effect& effect : out_) {
      auto* send = std::get_if<Send>(&effect);
      if (send && std::holds_alternative<Hop>(send->message)) hops.push_back(std::move(*send));
    }
    out_.clear();
    return hops;
  }
  void ack(const Send& sent) {
    const Hop& hop = std::get<Hop>(sent.message);
    Turn t = turn();
    hops_.acked(t, sent.to.id(), HopAck{hop.life, hop.hop});
  }
  bool receive(const Contact& from, std::uint64_t number, std::uint32_t hops = 1,
               std::size_t bytes = 1) {
    Turn t = turn();
    return hops_.received(t, from,
                          Hop{7, number, 1, Key(0), from, hops,
                              AppMessage{"h", Payload::from(std::string(bytes, 'b'))}});
  }
  template <class E>
  std::size_t count() const {
    std::size_t found = 0;
    for (const Effect& effect : out_) found += std::holds_alternative<E>(effect) ? 1 : 0;
    return found;
  }

  Time now_{};
  Effects out_;
  View view_{config(), contact_at(0x80), 1};
  Prober prober_{view_};
  ReliableHop hops_{view_, prober_};
};

TEST_F(ReliableHopTest, sends_once_when_the_next_node_acknowledges) {
  send(0x11);
  const auto hops = sent();
  ASSERT_EQ(hops.size(), 1u);
  EXPECT_EQ(hops[0].to.id(), at(0x10));
  EXPECT_EQ(std::get<Hop>(hops[0].message).hops, 1u);
  now_ += 4ms;
  ack(hops[0]);
  EXPECT_EQ(view_.peers.find(at(0x10))->round_trip.smoothed(), 4ms);
  EXPECT_EQ(hops_.buffered_bytes(), 0u);
  EXPECT_EQ(hops_.next_tick(), kNever);
  pass(1min);
  EXPECT_TRUE(sent().empty());
}

TEST_F(ReliableHopTest, goes_another_way_when_a_hop_does_not_acknowledge) {
  send(0x2c);
  EXPECT_EQ(sent()[0].to.id(), at(0x2a));
  pass(300ms);
  const auto again = sent();
  ASSERT_EQ(again.size(), 1u);
  EXPECT_EQ(again[0].to.id(), at(0x10));
  EXPECT_TRUE(prober_.open(at(0x2a))) << "whoever does not acknowledge is probed";
  EXPECT_TRUE(view_.peers.find(at(0x2a))->suspected);
  EXPECT_EQ(view_.stats.hops_rerouted, 1u);
}

TEST_F(ReliableHopTest, never_passes_the_root_over_before_it_is_declared_dead) {
  send(0x87);
  EXPECT_EQ(sent()[0].to.id(), at(0x88));
  pass(3s);
  const auto again = sent();
  EXPECT_GE(again.size(), 2u);
  for (const Send& hop : again) EXPECT_EQ(hop.to.id(), at(0x88));

  // The verdict: 87 is now nearest to 80, this node itself.
  view_.leaves.remove(at(0x88));
  Turn t = turn();
  hops_.peer_lost(t, at(0x88));
  EXPECT_TRUE(sent().empty());
  EXPECT_EQ(hops_.take_arrivals().size(), 1u);
}

TEST_F(ReliableHopTest, retransmits_under_the_same_number_and_with_back_off) {
  send(0x87);
  const auto first = sent();
  std::vector<Time> times;
  while (times.size() < 4) {
    pass(hops_.next_tick() - now_);
    for (const Send& hop : sent()) {
      times.push_back(now_);
      EXPECT_EQ(std::get<Hop>(hop.message).hop, std::get<Hop>(first[0].message).hop);
    }
  }
  EXPECT_GT(times[2] - times[1], times[1] - times[0]);
}

TEST_F(ReliableHopTest, tries_the_same_hops_again_rather_than_give_up) {
  send(0x2c);
  pass(10s);
  EXPECT_GE(sent().size(), 8u);
  EXPECT_EQ(count<Undelivered>(), 0u);
}

TEST_F(ReliableHopTest, says_which_hops_are_settled) {
  send(0x11);
  send(0x11);
  const auto hops = sent();
  EXPECT_EQ(std::get<Hop>(hops[1].message).settled, std::get<Hop>(hops[0].message).hop);
  ack(hops[0]);
  send(0x11);
  EXPECT_EQ(std::get<Hop>(sent()[0].message).settled, std::get<Hop>(hops[1].message).hop);
}

TEST_F(ReliableHopTest, ignores_acknowledgements_from_others_and_of_other_lives) {
  send(0x11);
  const Hop hop = std::get<Hop>(sent()[0].message);
  Turn t = turn();
  hops_.acked(t, at(0x2a), HopAck{hop.life, hop.hop});
  hops_.acked(t, at(0x10), HopAck{hop.life + 1, hop.hop});
  hops_.acked(t, at(0x10), HopAck{hop.life, hop.hop + 1});
  EXPECT_GT(hops_.buffered_bytes(), 0u);
  EXPECT_EQ(view_.stats.stale_messages, 3u);
}

TEST_F(ReliableHopTest, takes_a_redirect_first_and_the_rule_when_that_does_not_answer) {
  Turn t = turn();
  hops_.send(t, Parcel{Key::at(at(0x11)), view_.self, view_.self, 0, AppMessage{}},
             contact_at(0xcc));
  EXPECT_EQ(sent()[0].to.id(), at(0xcc));
  pass(300ms);
  const auto again = sent();
  ASSERT_FALSE(again.empty());
  EXPECT_EQ(again[0].to.id(), at(0x10));
}

TEST_F(ReliableHopTest, passes_a_retransmitted_hop_on_once_but_acknowledges_it_again) {
  EXPECT_TRUE(receive(contact_at(0x10), 1));
  EXPECT_FALSE(receive(contact_at(0x10), 1));
  EXPECT_EQ(count<Send>(), 2u);
  EXPECT_EQ(hops_.take_arrivals().size(), 1u);
  EXPECT_EQ(view_.stats.hop_duplicates, 1u);
}

TEST_F(ReliableHopTest, drops_and_reports_what_crossed_too_many_links) {
  EXPECT_TRUE(receive(contact_at(0x10), 1, 64));
  EXPECT_FALSE(receive(contact_at(0x10), 2, 65));
  EXPECT_EQ(count<Undelivered>(), 1u);
  EXPECT_EQ(view_.stats.hop_limit_drops, 1u);
}

TEST_F(ReliableHopTest, keeps_what_comes_early_until_the_node_is_active) {
  view_.state = State::kWaiting;
  receive(contact_at(0x10), 1);
  send(0x11);
  EXPECT_TRUE(hops_.take_arrivals().empty());
  EXPECT_TRUE(sent().empty());
  view_.state = State::kActive;
  Turn t = turn();
  hops_.release(t);
  EXPECT_EQ(hops_.take_arrivals().size(), 1u);
  EXPECT_EQ(sent().size(), 1u);
}

TEST_F(ReliableHopTest, does_not_acknowledge_what_it_has_no_room_to_keep) {
  view_.state = State::kWaiting;
  EXPECT_TRUE(receive(contact_at(0x10), 1, 1, 3000));
  out_.clear();
  EXPECT_FALSE(receive(contact_at(0x10), 2, 1, 3000));
  EXPECT_EQ(count<Send>(), 0u) << "so the sender keeps it";
  view_.state = State::kActive;
  Turn t = turn();
  hops_.release(t);
  EXPECT_TRUE(receive(contact_at(0x10), 2, 1, 3000));
}

TEST_F(ReliableHopTest, hands_back_what_it_has_no_room_to_send) {
  send(0x11, 3000);
  send(0x11, 3000);
  EXPECT_EQ(count<Undelivered>(), 1u);
  EXPECT_EQ(view_.stats.buffer_limit_drops, 1u);
  const auto hops = sent();
  ASSERT_EQ(hops.size(), 1u);
  ack(hops[0]);
  send(0x11, 3000);
  EXPECT_EQ(sent().size(), 1u);
}

TEST_F(ReliableHopTest, waits_for_the_repair_where_the_leaf_set_has_a_hole) {
  for (const std::uint8_t byte : {0x88, 0x90}) view_.leaves.remove(at(byte));
  send(0x81);
  EXPECT_TRUE(sent().empty());
  EXPECT_TRUE(hops_.take_arrivals().empty()) << "the key may belong to somebody unknown";
  view_.leaves.insert(contact_at(0x82));
  view_.leaves.mend();
  Turn t = turn();
  hops_.release(t);
  EXPECT_EQ(hops_.take_arrivals().size() + sent().size(), 1u);
}

TEST_F(ReliableHopTest, gives_everything_back_when_the_node_leaves) {
  send(0x11);
  for (const std::uint8_t byte : {0x88, 0x90}) view_.leaves.remove(at(byte));
  send(0x81);
  out_.clear();
  Turn t = turn();
  hops_.abandon(t);
  EXPECT_EQ(count<Undelivered>(), 2u);
  EXPECT_EQ(hops_.buffered_bytes(), 0u);
  EXPECT_EQ(hops_.next_tick(), kNever);
}

TEST_F(ReliableHopTest, never_sends_a_join_request_to_its_joiner) {
  Turn t = turn();
  hops_.send(t, Parcel{Key::at(at(0x88)), contact_at(0x88, 1), view_.self, 0, JoinRequest{5, {}}});
  for (const Send& hop : sent()) EXPECT_NE(hop.to.id(), at(0x88));
}

}  // namespace
}  // namespace phyllo::overlay
