// The two nodes of one broker: what reaches which of them, and what one learns from the other.

#include "broker/core/rings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace phyllo::broker {
namespace {

using namespace std::chrono_literals;
using overlay::Contact;
using overlay::NodeId;
using overlay::RingScope;
using testing::ElementsAre;
using testing::IsEmpty;

overlay::Endpoint endpoint(const std::string& host) {
  return *overlay::Endpoint::parse("tcp://" + host + ":7400");
}

Contact contact(std::uint64_t number, const std::string& region) {
  const overlay::Endpoint at = endpoint("10.0.0." + std::to_string(number));
  return {NodeId(overlay::Uint128{number} << 120), 0, {region, at, at}};
}

BrokerConfig in_two_regions() {
  BrokerConfig config;
  config.regions = {"eu", "us"};
  return config;
}

class RingsTest : public testing::Test {
 protected:
  /// What was asked since the last call for each ring.
  std::map<RingScope, overlay::Effects> asked() {
    std::map<RingScope, overlay::Effects> all;
    while (auto taken = rings_.take(now_)) {
      for (auto& effect : taken->effects) all[taken->ring].push_back(std::move(effect));
    }
    return all;
  }
  template <class Kind>
  static std::vector<Kind> sent_to(const overlay::Effects& effects, NodeId to) {
    std::vector<Kind> found;
    for (const overlay::Effect& effect : effects) {
      const auto* send = std::get_if<overlay::Send>(&effect);
      if (send == nullptr || send->to.id() != to) continue;
      if (const auto* kind = std::get_if<Kind>(&send->message)) found.push_back(*kind);
    }
    return found;
  }
  void hear(const Contact& from, RingScope ring, overlay::Message message) {
    rings_.receive(now_, from, ring, std::move(message));
  }
  /// How often the peer is asked meanwhile in the global ring whether it is a member.
  std::size_t questions_in(Duration duration, const Contact& peer) {
    std::size_t questions = 0;
    const Time end = now_ + duration;
    while (rings_.next_tick() <= end) {
      now_ = std::max(now_, rings_.next_tick());
      rings_.tick(now_);
      questions += sent_to<overlay::Probe>(asked()[RingScope::kGlobal], peer.id()).size();
    }
    now_ = end;
    return questions;
  }
  overlay::Probe probe(std::vector<Contact> leaves) const { return {7, {true, leaves, {}}}; }

  const Contact self_ = contact(1, "eu");
  const Contact mate_ = contact(2, "eu");
  const Contact foreigner_ = contact(3, "us");
  Time now_{};
  Rings rings_{in_two_regions(), self_, 1};
};

TEST(RingsOfOneRegion, AreOne) {
  for (const std::vector<std::string>& regions :
       {std::vector<std::string>{}, std::vector<std::string>{"eu"}}) {
    BrokerConfig config;
    config.regions = regions;
    Rings rings(config, contact(1, "eu"), 1);
    EXPECT_FALSE(rings.two());
    EXPECT_EQ(rings.trees(), RingScope::kGlobal);
    EXPECT_EQ(&rings.home(), &rings.global());
    rings.start(Time(), {});
    rings.receive(Time(), contact(2, "eu"), RingScope::kHome, overlay::Heartbeat{true});
    EXPECT_EQ(rings.stray_messages(), 1u);
    EXPECT_THAT(rings.home().left_leaves(), IsEmpty());
  }
}

TEST_F(RingsTest, FoundBothAtOnceWithoutSeeds) {
  rings_.start(now_, {});
  EXPECT_TRUE(rings_.home().active());
  EXPECT_TRUE(rings_.global().active());
}

TEST_F(RingsTest, KeepForeignersOutOfTheHomeRingWhoeverNamesThem) {
  rings_.start(now_, {});
  asked();
  hear(foreigner_, RingScope::kHome, probe({}));
  EXPECT_EQ(rings_.foreigners_refused(), 1u);
  EXPECT_THAT(asked()[RingScope::kHome], IsEmpty()) << "not even an answer";
  hear(mate_, RingScope::kHome, probe({foreigner_, self_}));
  EXPECT_EQ(rings_.foreigners_refused(), 2u);
  const auto all = asked();
  EXPECT_THAT(sent_to<overlay::Probe>(all.at(RingScope::kHome), foreigner_.id()), IsEmpty());
  EXPECT_EQ(sent_to<overlay::ProbeReply>(all.at(RingScope::kHome), mate_.id()).size(), 1u);
  EXPECT_THAT(rings_.home().right_leaves(), ElementsAre(mate_));
  hear(mate_, RingScope::kHome,
       overlay::Hop{1, 1, 0, overlay::Key(5), foreigner_, 1, overlay::JoinRequest{1, {}}});
  EXPECT_EQ(rings_.foreigners_refused(), 3u) << "a join of somebody of another region";
}

TEST_F(RingsTest, TakeASeedOfAnotherRegionForTheGlobalRingOnly) {
  rings_.start(now_, {endpoint("seed")});
  asked();
  EXPECT_TRUE(rings_.dials(RingScope::kHome, endpoint("seed")));
  rings_.dialed(now_, endpoint("seed"), foreigner_);
  const auto all = asked();
  EXPECT_FALSE(sent_to<overlay::Ask>(all.at(RingScope::kGlobal), foreigner_.id()).empty());
  EXPECT_FALSE(all.contains(RingScope::kHome));
  EXPECT_FALSE(rings_.dials(RingScope::kHome, endpoint("seed")));
  EXPECT_TRUE(rings_.dials(RingScope::kGlobal, endpoint("seed")));
  EXPECT_EQ(rings_.foreigners_refused(), 1u);
}

TEST_F(RingsTest, IntroduceWhoeverOfTheRegionIsMetInTheGlobalRing) {
  rings_.start(now_, {});
  asked();
  hear(mate_, RingScope::kGlobal, probe({self_}));
  hear(foreigner_, RingScope::kGlobal, probe({self_}));
  EXPECT_THAT(rings_.contacts_in("eu"), ElementsAre(mate_));
  EXPECT_THAT(rings_.contacts_in("us"), ElementsAre(foreigner_));
  const auto met = asked();
  for (const auto& effect : met.at(RingScope::kGlobal)) {
    if (std::holds_alternative<overlay::LeafSetChanged>(effect)) {
      rings_.leaf_set_changed(now_, RingScope::kGlobal);
    }
  }
  EXPECT_LE(rings_.next_tick(), now_);
  rings_.tick(now_);
  const auto all = asked();
  EXPECT_EQ(sent_to<overlay::Probe>(all.at(RingScope::kHome), mate_.id()).size(), 1u);
  EXPECT_THAT(sent_to<overlay::Probe>(all.at(RingScope::kHome), foreigner_.id()), IsEmpty());
}

TEST_F(RingsTest, LiveTheLaterLifeOfEither) {
  rings_.start(now_, {});
  asked();
  hear(mate_, RingScope::kHome, probe({}));
  asked();
  hear(mate_, RingScope::kHome, overlay::Superseded{self_.reborn(4), true});
  asked();
  EXPECT_EQ(rings_.home().self().incarnation(), 5u);
  EXPECT_EQ(rings_.global().self().incarnation(), 5u);
  hear(foreigner_, RingScope::kGlobal, overlay::Superseded{self_.reborn(8), true});
  asked();
  EXPECT_EQ(rings_.home().self().incarnation(), 9u);
}

TEST_F(RingsTest, AskOnceMoreForWhatTheOtherFoundOut) {
  rings_.start(now_, {});
  for (const RingScope ring : {RingScope::kGlobal, RingScope::kHome}) hear(mate_, ring, probe({}));
  asked();
  EXPECT_FALSE(rings_.lost(now_, RingScope::kHome, mate_.id())) << "the global ring counts on it";
  EXPECT_EQ(sent_to<overlay::Probe>(asked()[RingScope::kGlobal], mate_.id()).size(), 1u);
  EXPECT_TRUE(rings_.lost(now_, RingScope::kHome, foreigner_.id())) << "nobody knows it";
}

TEST_F(RingsTest, AskNobodyWhoWasHeardOfInTheOther) {
  rings_.start(now_, {});
  for (const RingScope ring : {RingScope::kGlobal, RingScope::kHome}) hear(mate_, ring, probe({}));
  asked();
  // Short enough that leaf sets are not exchanged as a matter of routine.
  const Duration silence = in_two_regions().global_ring.silence;
  for (Duration passed{}; passed < silence + 500ms; passed += 100ms) {
    hear(mate_, RingScope::kHome, overlay::Direct{});
    EXPECT_EQ(questions_in(100ms, mate_), 0u);
  }
  EXPECT_GT(questions_in(2 * silence, mate_), 0u) << "it has said nothing in either";
}

}  // namespace
}  // namespace phyllo::broker
