// What one regional root says and keeps when things happen round it, message by message.

#include <gtest/gtest.h>

#include <utility>
#include <variant>

#include "base/batch_body.h"
#include "regions/borders.h"
#include "regions/codec.h"
#include "tests/regions/alone.h"

namespace phyllo::regions {
namespace {

using namespace std::chrono_literals;
using multicast::PublisherId;
using multicast::RootChanged;
using multicast::Sequence;
using multicast::StreamEnd;
using overlay::PeerLost;

const TopicName kName = TopicName::parse("metro/eu/line-4").value();
const TopicId kTopic = TopicId::of(kName);
constexpr PublisherId kWriter = 7;

overlay::Contact broker(std::uint64_t id, const std::string& region) {
  const auto endpoint = overlay::Endpoint::parse("tcp://10.0.0.1:7400").value();
  return {overlay::NodeId(id), 0, {region, endpoint, endpoint}};
}
const overlay::Contact kRendezvous = broker(2, "ap");
const overlay::Contact kUs = broker(3, "us");
const overlay::Contact kNeighbor = broker(4, "eu");

class ALoneRoot : public ::testing::Test {
 protected:
  /// Its tree numbers a message of the writer's.
  void number() {
    BatchBodyWriter body;
    body.append("x");
    multicast::Numbered numbered{kTopic, kName, {kWriter, ++published_, 1, body.take()}, {}};
    numbered.at = StreamEnd{{ring_.self().id(), 0, 1}, published_};
    borders_.numbered(now_, numbered, effects_);
  }
  void hear(const overlay::Contact& from, const Message& message) {
    borders_.received(now_, from, encode(message), effects_);
  }
  void lose(const overlay::Contact& peer, PeerLost::Reason why) {
    borders_.peer_lost(now_, {peer, why}, effects_);
  }
  /// What it has said since this was asked last.
  template <class Kind>
  std::vector<Kind> said() {
    std::vector<Kind> said;
    for (const Effect& effect : std::exchange(effects_, {})) {
      const auto* direct = std::get_if<multicast::SendDirect>(&effect);
      const auto* toward = std::get_if<multicast::SendToward>(&effect);
      if (direct == nullptr && toward == nullptr) continue;
      const auto message = *decode(direct != nullptr ? direct->message : toward->message);
      if (const auto* kind = std::get_if<Kind>(&message)) said.push_back(*kind);
    }
    return said;
  }
  /// Its next word of this kind, whenever that comes.
  template <class Kind>
  std::vector<Kind> next(Duration within) {
    const Time end = now_ + within;
    for (auto words = said<Kind>();; words = said<Kind>()) {
      if (!words.empty() || borders_.next_tick() > end) return words;
      now_ = borders_.next_tick();
      borders_.tick(now_, effects_);
    }
  }
  /// The rendezvous answers its latest registration with the whole list.
  void answer(std::vector<overlay::Contact> interested) {
    const auto words = said<Register>();
    ASSERT_FALSE(words.empty());
    hear(kRendezvous,
         Interest{kTopic, words.back().version, 9, ++edition_, true, 0, std::move(interested)});
  }

  Alone ring_;
  const BordersConfig config_ = BordersConfig::lan();
  Borders borders_{config_, RegionTable({"ap", "eu", "us"}), Fence(), ring_, 1};
  Effects effects_;
  Time now_ = Time{} + 1min;
  Sequence published_ = 0;
  Edition edition_ = 0;
};

TEST_F(ALoneRoot, PublishesByNoEarlierListWhenAnotherOneWasRootMeanwhile) {
  number();
  answer({kUs});  // which gets nothing through
  EXPECT_EQ(said<multicast::Publish>().size(), 1u);
  borders_.root_changed(now_, {kTopic, RootChanged::Root::kMoved}, effects_);
  EXPECT_TRUE(said<Register>().empty());
  now_ += 100ms;
  number();
  EXPECT_EQ(said<Register>().size(), 1u) << "the rendezvous may have believed the other one";
  const std::size_t waiting = borders_.stats().waiting_bytes;
  now_ += 1ms;
  number();
  const std::size_t more = borders_.stats().waiting_bytes - waiting;
  EXPECT_EQ(more, 2 * (2 + 64)) << "for the region that is known, and for others";
}

TEST_F(ALoneRoot, CountsOnItsListFromWhenItAskedForIt) {
  number();
  now_ += config_.retry / 2;
  answer({});
  EXPECT_EQ(borders_.stats().waiting_bytes, 0u);
  now_ += config_.lease - config_.retry / 2 - 1ms;
  number();
  EXPECT_EQ(borders_.stats().waiting_bytes, 0u);
  now_ += 2ms;
  number();
  EXPECT_GT(borders_.stats().waiting_bytes, 0u) << "the rendezvous does not wait for it any more";
}

TEST_F(ALoneRoot, RegistersAnewWhenARefreshHasNoAnswer) {
  number();
  answer({});
  ASSERT_EQ(next<Refresh>(2 * config_.refresh).size(), 1u);
  EXPECT_EQ(next<Register>(2 * config_.refresh).size(), 1u);
}

TEST_F(ALoneRoot, RegistersAnewAtOnceWhenTheRendezvousDoesNotKnowTheTopic) {
  number();
  answer({});
  const auto refresh = next<Refresh>(2 * config_.refresh);
  ASSERT_EQ(refresh.size(), 1u);
  hear(kRendezvous, Refreshed{refresh[0].number, {}});
  EXPECT_EQ(said<Register>().size(), 1u);
}

TEST_F(ALoneRoot, RegistersAnewInALaterLife) {
  number();
  answer({});
  const auto refresh = next<Refresh>(2 * config_.refresh);
  ASSERT_EQ(refresh.size(), 1u);
  hear(kRendezvous, Refreshed{refresh[0].number, {kTopic}});
  ring_.rise();
  // At the next refresh, not when that has no answer.
  const auto anew = next<Register>(config_.refresh * 5 / 4);
  ASSERT_EQ(anew.size(), 1u);
  EXPECT_EQ(anew[0].root.incarnation(), 1u);
}

TEST_F(ALoneRoot, GivesUpARegionThatIsNotListedAndWantsNothing) {
  number();
  answer({kUs});
  const auto sent = said<multicast::Publish>();
  ASSERT_EQ(sent.size(), 1u);
  // Another rendezvous may only not have heard of it yet.
  hear(broker(5, "ap"), Interest{kTopic, 0, 10, 1, true, 0, {}});
  EXPECT_GT(borders_.stats().waiting_bytes, 0u);
  const multicast::PublishAck upto{kTopic, sent[0].attempt, 0, {}};
  hear(kUs, multicast::PublishNack{upto, multicast::PublishNack::Reason::kUnwanted});
  EXPECT_EQ(borders_.stats().waiting_bytes, 0u);
}

TEST_F(ALoneRoot, SaysWhichStreamOverThereTookEarlierMessages) {
  number();
  answer({kUs});
  const auto first = said<multicast::Publish>();
  ASSERT_EQ(first.size(), 1u);
  const StreamEnd there{{kUs.id(), 0, 5}, 33};
  hear(kUs, multicast::PublishAck{kTopic, first[0].attempt, 1, {1, there}});
  number();
  const auto next = said<multicast::Publish>();
  ASSERT_EQ(next.size(), 1u);
  ASSERT_EQ(next[0].batch.stays.size(), 1u);
  const multicast::Stay& stay = next[0].batch.stays[0];
  EXPECT_EQ(std::pair(stay.first, stay.last), std::pair(Sequence{1}, Sequence{1}));
  EXPECT_EQ(stay.stream, there.stream);
  EXPECT_EQ(stay.number, 33u);
}

TEST_F(ALoneRoot, DoesNotSayThatNobodySubscribesWhileSubscribersMayBeOnTheirWay) {
  const RollCall call{kRendezvous, "eu", {{kTopic}}};
  borders_.leaf_set_changed(Time{}, effects_);
  hear(kRendezvous, call);
  EXPECT_EQ(said<Present>().size(), 1u);
  lose(kNeighbor, PeerLost::Reason::kSilent);
  hear(kRendezvous, call);
  EXPECT_TRUE(said<Present>().empty());
  now_ += config_.regrafting;
  hear(kRendezvous, call);
  EXPECT_EQ(said<Present>().size(), 1u);
}

TEST_F(ALoneRoot, AnswersAtOnceWhenTheOtherOneLeftInGoodOrder) {
  borders_.leaf_set_changed(Time{}, effects_);
  lose(kNeighbor, PeerLost::Reason::kLeft);
  hear(kRendezvous, RollCall{kRendezvous, "eu", {{kTopic}}});
  EXPECT_EQ(said<Present>().size(), 1u);
}

}  // namespace
}  // namespace phyllo::regions
