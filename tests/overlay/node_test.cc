#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "overlay/codec.h"
#include "tests/overlay/lone_node.h"
#include "tests/overlay/samples.h"

namespace phyllo::overlay {
namespace {

using namespace std::chrono_literals;
using State = StateChanged::State;

class NodeTest : public LoneNode {};

TEST_F(NodeTest, without_seeds_founds_a_ring_at_once) {
  found();
  EXPECT_TRUE(node_.active());
  EXPECT_TRUE(node_.is_root(Key(0)));
  EXPECT_FALSE(node_.next_hop(Key(0)));
}

TEST_F(NodeTest, tells_the_layer_above_that_keys_are_its_own_when_it_becomes_active) {
  found();  // nobody else is there: the leaf set stays as it was
  EXPECT_EQ(taken<LeafSetChanged>().size(), 1u);
  pass(5s);
  EXPECT_TRUE(taken<LeafSetChanged>().empty());
}

TEST_F(NodeTest, that_is_one_of_its_seeds_waits_for_the_others_before_it_founds) {
  node_.start(now_, {node_.self().place().local, endpoint("tcp://other:1")}, out_);
  const auto dials = taken<Dial>();
  ASSERT_EQ(dials.size(), 1u);
  EXPECT_EQ(dials[0].endpoint.text(), "tcp://other:1");
  pass(900ms);
  EXPECT_EQ(node_.state(), State::kSeeking);
  pass(200ms);
  EXPECT_TRUE(node_.active());
}

TEST_F(NodeTest, that_is_no_seed_never_founds_but_keeps_dialing_ever_more_seldom) {
  node_.start(now_, {endpoint("tcp://other:1")}, out_);
  pass(10s);
  const std::size_t early = taken<Dial>().size();
  pass(100s);
  const std::size_t late = taken<Dial>().size();
  EXPECT_EQ(node_.state(), State::kSeeking);
  EXPECT_GE(early, 4u);
  EXPECT_GE(late, 10u);
  EXPECT_LT(late, 10 * early);
}

TEST_F(NodeTest, dialed_at_another_name_of_its_own_endpoint_counts_as_seed) {
  node_.start(now_, {endpoint("tcp://my-other-name:1")}, out_);
  node_.dialed(now_, endpoint("tcp://my-other-name:1"), node_.self(), out_);
  EXPECT_TRUE(node_.active());
}

TEST_F(NodeTest, before_start_and_after_leave_does_nothing) {
  receive(contact_at(1), Ping{1, true});
  node_.tick(now_, out_);
  node_.disconnected(now_, at(1), out_);
  EXPECT_TRUE(out_.empty());
  EXPECT_EQ(node_.next_tick(), kNever);
  node_.send_toward(now_, Key(1), {}, out_);
  EXPECT_EQ(taken<Undelivered>().size(), 1u);
  found();
  node_.leave(now_, out_);
  out_.clear();
  receive(contact_at(1), Probe{1, {true, {}, {}}});
  node_.start(now_, {}, out_);
  EXPECT_TRUE(out_.empty());
  EXPECT_EQ(node_.state(), State::kLeft);
  EXPECT_EQ(node_.next_tick(), kNever);
}

TEST_F(NodeTest, that_is_not_in_the_ring_says_so_to_whoever_probes_it) {
  node_.start(now_, {endpoint("tcp://other:1")}, out_);
  out_.clear();
  receive(contact_at(0x90), Probe{77, {true, {node_.self()}, {}}});
  const auto replies = sent<Pong>();
  ASSERT_EQ(replies.size(), 1u);
  EXPECT_EQ(replies[0].second, (Pong{77, false}));
}

TEST_F(NodeTest, keeps_what_is_sent_before_it_is_active_and_sends_it_then) {
  node_.start(now_, {node_.self().place().local, endpoint("tcp://other:1")}, out_);
  node_.send_toward(now_, Key(5), {"h", Payload::from("b")}, out_);
  EXPECT_TRUE(taken<Arrived>().empty());
  pass(2s);
  const auto arrived = taken<Arrived>();
  ASSERT_EQ(arrived.size(), 1u);
  EXPECT_TRUE(arrived[0].at_root);
  EXPECT_EQ(arrived[0].message, (AppMessage{"h", Payload::from("b")}));
}

TEST_F(NodeTest, takes_a_neighbour_in_by_its_own_word_only) {
  found();
  const Contact rumoured = contact_at(0x90);
  const Contact neighbour = contact_at(0xa0);
  receive(neighbour, Probe{1, {true, {node_.self(), rumoured}, {}}});
  ASSERT_EQ(node_.right_leaves().size(), 1u);
  EXPECT_EQ(node_.right_leaves()[0], neighbour);
  const auto probes = sent<Probe>();
  ASSERT_FALSE(probes.empty());
  EXPECT_EQ(probes.back().first, rumoured) << "it is asked first";
  receive(rumoured, ProbeReply{probes.back().second.nonce, {true, {node_.self()}, {}}});
  EXPECT_EQ(node_.right_leaves()[0], rumoured);
}

TEST_F(NodeTest, never_believes_hearsay_of_death) {
  found();
  meet(contact_at(0x90));
  meet(contact_at(0xa0));
  const Probe rumour{1, {true, {node_.self()}, {{at(0x90), 0}}}};
  receive(contact_at(0xa0), rumour);
  EXPECT_TRUE(sent<Probe>().empty()) << "it spoke a moment ago";
  now_ += 300ms;
  receive(contact_at(0xa0), rumour);
  EXPECT_EQ(node_.right_leaves().size(), 2u);
  const auto probes = sent<Probe>();
  ASSERT_EQ(probes.size(), 1u);
  EXPECT_EQ(probes[0].first.id(), at(0x90)) << "it is asked itself";
}

TEST_F(NodeTest, tells_everyone_when_a_peer_that_was_only_a_leaf_is_gone) {
  found();
  meet(contact_at(0x90));
  receive(contact_at(0x90), Leaving{});
  bool lost = false;
  bool changed = false;
  for (const Effect& effect : out_) {
    if (const auto* e = std::get_if<PeerLost>(&effect)) {
      lost = e->peer.id() == at(0x90) && e->reason == PeerLost::Reason::kLeft;
    }
    if (const auto* e = std::get_if<LeafSetChanged>(&effect)) changed = e->left.size() == 1;
  }
  EXPECT_TRUE(lost);
  EXPECT_TRUE(changed);
  receive(contact_at(0x90), Leaving{});  // once more: nothing to remove
  EXPECT_TRUE(node_.active());
  EXPECT_TRUE(node_.is_root(Key::at(at(0x90))));
}

/// Who is asked stands for the place until it answers or is found silent.
TEST_F(NodeTest, asks_only_the_next_one_in_line_for_the_place_of_a_leaf_that_is_gone) {
  found();
  const auto beside = [&](int steps) {
    const Uint128 way = Uint128{static_cast<std::uint64_t>(std::abs(steps))} << 100;
    const Uint128 own = node_.self().id().value();
    return contact_of(NodeId(steps < 0 ? own - way : own + way));
  };
  for (const int i : {1, 2, 3, 4, 5, 6, 7, 8, -1, -2, -3, -4, -5, -6, -7, -8}) {
    receive(beside(i), Probe{1, {true, {node_.self()}, {}}});
    for (auto asked = sent<Probe>(); !asked.empty(); asked = sent<Probe>()) {
      for (const auto& [to, probe] : asked) {
        receive(to, ProbeReply{probe.nonce, {true, {node_.self()}, {}}});
      }
    }
  }
  const auto told_of = [&](int first, int last) {
    std::vector<Contact> leaves;
    for (int i = first; i <= last; ++i) leaves.push_back(beside(i));
    receive(beside(8), Probe{kNoAnswerWanted, {true, leaves, {}}});
  };
  const auto asked = [&] {
    std::vector<NodeId> ids;
    for (const auto& [to, probe] : sent<Probe>()) {
      if (probe.nonce != kNoAnswerWanted) ids.push_back(to.id());
    }
    return ids;
  };
  told_of(9, 16);
  EXPECT_EQ(asked(), std::vector<NodeId>{});
  for (int i = 0; i < 4; ++i) node_.disconnected(now_, beside(3).id(), out_);
  EXPECT_EQ(asked().back(), beside(9).id());
  told_of(10, 18);
  EXPECT_EQ(asked(), std::vector<NodeId>{});
}

TEST_F(NodeTest, finds_a_killed_neighbour_by_refused_connections_alone) {
  found();
  meet(contact_at(0x90));
  for (int i = 0; i < 4; ++i) node_.disconnected(now_ += 5ms, at(0x90), out_);
  const auto lost = taken<PeerLost>();
  ASSERT_EQ(lost.size(), 1u);
  EXPECT_EQ(lost[0].reason, PeerLost::Reason::kUnreachable);
  EXPECT_TRUE(node_.active());
  EXPECT_TRUE(node_.is_root(Key::at(at(0x90))));
}

TEST_F(NodeTest, drops_and_counts_messages_of_an_earlier_life_and_tells_the_sender) {
  found();
  meet(contact_at(0x90, 3));
  const auto before = node_.stats().stale_messages;
  receive(contact_at(0x90, 2), Direct{{"old", {}}});
  EXPECT_EQ(node_.stats().stale_messages, before + 1);
  for (const Effect& effect : out_) EXPECT_FALSE(std::holds_alternative<Received>(effect));
  const auto told = sent<Superseded>();
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].second.holder.incarnation(), 3u);
}

TEST_F(NodeTest, drops_messages_of_a_second_node_with_a_known_id_and_tells_the_weaker_one) {
  found();
  meet(contact_at(0x90));
  const Contact twin(at(0x90), 0, contact_at(0x33).place());
  receive(twin, Direct{{"hello", {}}});
  for (const Effect& effect : out_) EXPECT_FALSE(std::holds_alternative<Received>(effect));
  const auto told = sent<Superseded>();
  ASSERT_EQ(told.size(), 1u);
  EXPECT_NE(told[0].first, told[0].second.holder);
  EXPECT_EQ(node_.right_leaves()[0], contact_at(0x90));
}

TEST_F(NodeTest, asks_nobody_because_an_earlier_life_of_it_is_said_to_be_over) {
  found();
  meet(contact_at(0x90, 2));
  meet(contact_at(0xa0));
  now_ += 300ms;
  receive(contact_at(0xa0), Probe{1, {true, {node_.self()}, {{at(0x90), 1}}}});
  EXPECT_TRUE(sent<Probe>().empty());
}

TEST_F(NodeTest, asks_again_for_somebody_it_lost_only_in_a_later_life) {
  found();
  meet(contact_at(0x90));
  meet(contact_at(0xa0));
  for (int i = 0; i < 4; ++i) node_.disconnected(now_ += 5ms, at(0x90), out_);
  ASSERT_EQ(taken<PeerLost>().size(), 1u);
  receive(contact_at(0xa0), Probe{1, {true, {node_.self(), contact_at(0x90)}, {}}});
  for (const auto& [to, probe] : sent<Probe>()) EXPECT_NE(to.id(), at(0x90));
  receive(contact_at(0xa0), Probe{2, {true, {node_.self(), contact_at(0x90, 1)}, {}}});
  const auto probes = sent<Probe>();
  EXPECT_TRUE(std::any_of(probes.begin(), probes.end(),
                          [](const auto& probe) { return probe.first == contact_at(0x90, 1); }));
}

TEST_F(NodeTest, takes_a_later_life_for_the_end_of_the_earlier_one) {
  found();
  meet(contact_at(0x90));
  receive(contact_at(0x90, 1), Probe{2, {true, {node_.self()}, {}}});
  EXPECT_EQ(node_.right_leaves()[0].incarnation(), 1u);
  const auto lost = taken<PeerLost>();
  ASSERT_EQ(lost.size(), 1u);
  EXPECT_EQ(lost[0].reason, PeerLost::Reason::kReplaced);
  EXPECT_EQ(lost[0].peer.incarnation(), 0u);
}

TEST_F(NodeTest, told_of_a_later_life_of_its_own_takes_one_after_it) {
  found();
  receive(contact_at(0x90), Superseded{node_.self().reborn(6), true});
  EXPECT_EQ(node_.self().incarnation(), 7u);
  EXPECT_TRUE(node_.active());
}

TEST_F(NodeTest, does_not_believe_in_a_life_beyond_all_bounds) {
  found();
  receive(contact_at(0x90), Superseded{node_.self().reborn(kMaxIncarnation), true});
  EXPECT_EQ(node_.self().incarnation(), 0u);
}

TEST_F(NodeTest, resigns_on_the_word_of_the_stronger_holder_and_never_on_hearsay) {
  found();
  const Contact twin(node_.self().id(), 5, contact_at(0x33).place());
  receive(contact_at(0x90), Superseded{twin, true});
  EXPECT_TRUE(node_.active());
  const auto challenge = sent<Superseded>();
  ASSERT_EQ(challenge.size(), 1u);
  EXPECT_EQ(challenge[0].first, twin);
  receive(twin, Superseded{twin, true});
  EXPECT_EQ(node_.state(), State::kResigned);
  EXPECT_NE(taken<StateChanged>().back().reason.find("taken"), std::string::npos);
}

TEST_F(NodeTest, that_slept_reconsiders_its_place_before_it_serves) {
  found();
  meet(contact_at(0x90));
  now_ += 5s;
  node_.tick(now_, out_);
  EXPECT_EQ(node_.state(), State::kWaiting);
  EXPECT_FALSE(node_.is_root(Key::at(at(0x80))));
  for (const auto& [to, probe] : sent<Probe>()) {
    receive(to, ProbeReply{probe.nonce, {true, {node_.self()}, {}}});
  }
  EXPECT_TRUE(node_.active());
  EXPECT_EQ(node_.stats().rejoins, 1u);
}

TEST_F(NodeTest, sends_to_itself_without_a_network) {
  found();
  node_.send_direct(now_, node_.self(), {"me", {}}, out_);
  EXPECT_EQ(taken<Received>().size(), 1u);
}

Contact any_contact() {
  const std::uint8_t byte = *rc::gen::element<std::uint8_t>(0x80, 0x90, 0x70, 0x10, 0xff);
  const auto incarnation = *rc::gen::element<Incarnation>(0, 0, 0, 1, kMaxIncarnation);
  const bool elsewhere = *rc::gen::inRange(0, 5) == 0;
  if (*rc::gen::inRange(0, 8) == 0) return Contact(at(byte), incarnation, Place{});
  return Contact(at(byte), incarnation, contact_at(elsewhere ? 0x33 : byte).place());
}

Message any_message() {
  const auto contacts = [] {
    std::vector<Contact> list;
    for (int i = *rc::gen::inRange(0, 5); i > 0; --i) list.push_back(any_contact());
    return list;
  };
  const auto number = *rc::gen::arbitrary<std::uint64_t>();
  const bool yes = *rc::gen::arbitrary<bool>();
  const LeafSetState state{yes, contacts(), {{any_contact().id(), number % 3}}};
  const auto attempt = number % 4;
  switch (*rc::gen::inRange(0, 15)) {
    case 0:
      return Direct{};
    case 1:
      return Hop{number % 2,  attempt, 0, any_key(), any_contact(), *rc::gen::inRange(0u, 70u),
                 AppMessage{}};
    case 2:
      return Hop{
          number % 2, attempt, 0, any_key(), any_contact(), 1, JoinRequest{attempt, contacts()}};
    case 3:
      return HopAck{number, number};
    case 4:
      return Probe{number, state};
    case 5:
      return ProbeReply{number, state};
    case 6:
      return Heartbeat{yes};
    case 7:
      return Ping{number, yes};
    case 8:
      return Pong{number, yes};
    case 9:
      return Measured{Duration(number % 1000)};
    case 10:
      return Ask{number, AskClosest{any_id()}};
    case 11:
      return Answer{number, yes, 3, contacts(), {}};
    case 12:
      return JoinAccepted{attempt, contacts(), contacts()};
    case 13:
      return Leaving{contacts()};
    default:
      return Superseded{any_contact(), yes};
  }
}

/// Anything, from anybody, at any time: the node neither stops the program nor grows without bound,
/// is never its own leaf, and its effects can be carried out.
RC_GTEST_PROP(Node, survives_whatever_peers_say, ()) {
  NodeConfig config;
  config.buffer_bytes = 10'000;
  Node node(config, contact_at(0x80), 1);
  Effects out;
  Time now{};
  const bool seeking = *rc::gen::arbitrary<bool>();
  node.start(now, seeking ? std::vector{endpoint("tcp://other:1")} : std::vector<Endpoint>{}, out);
  for (int i = 0; i < 150; ++i) {
    now += *rc::gen::element<Duration>(0ms, 1ms, 100ms, 3s);
    switch (*rc::gen::inRange(0, 8)) {
      case 0:
        node.tick(now, out);
        break;
      case 1:
        node.disconnected(now, any_contact().id(), out);
        break;
      case 2:
        node.dialed(now, endpoint("tcp://other:1"), any_contact(), out);
        break;
      case 3:
        node.send_toward(now, any_key(), {"h", {}}, out);
        break;
      default:
        node.receive(now, any_contact(), any_message(), out);
    }
    RC_ASSERT(out.size() < 2000u);
    for (Effect& effect : out) {
      if (auto* send = std::get_if<Send>(&effect)) RC_ASSERT(decode(encode(send->message)).ok());
    }
    out.clear();
    for (const auto& side : {node.left_leaves(), node.right_leaves()}) {
      RC_ASSERT(side.size() <= 8u);
      for (const Contact& leaf : side) RC_ASSERT(leaf.id() != node.self().id());
    }
    RC_ASSERT(node.stats().buffered_bytes <= 12'000u);
  }
}

}  // namespace
}  // namespace phyllo::overlay
