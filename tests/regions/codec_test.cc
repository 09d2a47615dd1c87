#include "regions/codec.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/batch_body.h"
#include "multicast/codec.h"

namespace phyllo::regions {
namespace {

using namespace std::chrono_literals;

const TopicName kName = TopicName::parse("news/sport").value();
const TopicId kTopic = TopicId::of(kName);
const multicast::StreamId kStream{overlay::NodeId(77), 3, 4};

overlay::Contact contact(std::uint64_t id) {
  const auto endpoint = overlay::Endpoint::parse("tcp://10.0.0.1:7400").value();
  return {overlay::NodeId(id), 2, {"eu", endpoint, endpoint}};
}

multicast::Publish publish(Attempt attempt) {
  return {kTopic, attempt, 5, {9, 10, 2, Payload::from("body"), {{1, 4, kStream, 12, 20us}}}};
}

/// For the receiver, and through it for 6 and 7; these two through 5, who does not want it.
Relayed relayed() {
  return {contact(3),
          publish(1),
          {{contact(5), {}, {{contact(6), publish(2), {}}, {contact(7), publish(3), {}}}}}};
}

Relayed named(Relayed relayed) {
  relayed.name = kName;
  return relayed;
}

multicast::TreeNode tree_node() {
  return {contact(5), false, overlay::NodeId(3), {overlay::NodeId(6), overlay::NodeId(7)}, 2, 9};
}

Payload one_message() {
  BatchBodyWriter body;
  body.append("job");
  return body.take();
}

std::vector<Message> one_of_each() {
  const Register registered{kTopic, contact(3), 17, 4, true, false};
  const multicast::Batch batch{9, 10, 2, Payload::from("body"), {{1, 4, kStream, 12, 20us}}};
  const multicast::PublishAck ack{kTopic, 1, 5, {6, {kStream, 3}}};
  return {registered,
          Register{kTopic, contact(3), 18, 0, false, true},
          Refresh{4, {{kTopic, 17}}},
          Refreshed{4, {kTopic}},
          Interest{kTopic, 17, 99, 3, true, 17, {contact(3), contact(4)}, {overlay::NodeId(6)}},
          InterestTaken{kTopic, 99, 3},
          Register{kTopic, contact(3), 18, 0, false, true, kName},
          Book{kTopic, true, {{registered, 17, 30us}}},
          Book{kTopic, true, {{registered, 17, 30us}}, kName},
          Register{kTopic, contact(3), 18, 2, true, false, {}, kName, 77},
          Book{kTopic, true, {{registered, 17, 30us}}, {}, {}, kName, 78},
          HopTaken{78},
          Seek{"eu"},
          Sought{"eu", {contact(3), contact(4)}},
          Book{kTopic, false, {{registered, 17, 30us}}, {}, 4s},
          RollCall{contact(3), "eu", {{kTopic}, {kTopic, kName}}},
          Present{{registered, {kTopic, contact(3), 18, 0, false, false, kName}}},
          multicast::Publish{kTopic, 1, 5, batch},
          ack,
          multicast::PublishNack{ack, multicast::PublishNack::Reason::kUnwanted},
          multicast::Missing{kTopic, 1, 6, 100, overlay::NodeId(5), "eu"},
          relayed(),
          named(relayed()),
          Enquire{kTopic, 8, contact(3), {}},
          Enquire{kTopic, 8, contact(3), kName},
          Audience{8, true, {{contact(3), true, false}, {contact(4), false, true}}},
          Look{kName, 8, true},
          TreePage{8, 1, true, true, {tree_node()}, {{"us", {}}, {"ap", {"us", "eu"}}}},
          CastInto{kName, 9, 3, CastInto::Stage::kReady, 0, {}},
          CastInto{kName, 9, 3, CastInto::Stage::kTake, 77, one_message()},
          CastInto{kName, 9, 3, CastInto::Stage::kHow, 77, {}},
          CastState{9, CastState::State::kReady, 77, 0, false},
          CastState{9, CastState::State::kUnderWay, 77, 0, false},
          CastState{9, CastState::State::kDone, 77, 3, true},
          CastState{9, CastState::State::kUnknown, 77, 0, false},
          CastState{9, CastState::State::kFull, 77, 0, false}};
}

TEST(RegionsCodec, ReadsWhatItWrote) {
  for (const Message& message : one_of_each()) {
    const auto wire = encode(message);
    const auto read = decode(wire);
    ASSERT_TRUE(read.ok()) << message.index();
    EXPECT_EQ(read->index(), message.index());
    EXPECT_EQ(encode(*read), wire);
  }
}

TEST(RegionsCodec, RefusesTheNameOfAnotherTopic) {
  const TopicName other = TopicName::parse("news/weather").value();
  EXPECT_FALSE(decode(encode(Register{kTopic, contact(3), 1, 1, false, false, other})).ok());
  EXPECT_FALSE(decode(encode(Register{kTopic, contact(3), 1, 1, false, false, {}, other})).ok());
  EXPECT_FALSE(decode(encode(Book{kTopic, true, {}, other})).ok());
  EXPECT_FALSE(decode(encode(Book{kTopic, true, {}, {}, {}, other})).ok());
  Relayed strange = relayed();
  strange.name = other;
  EXPECT_FALSE(decode(encode(strange)).ok());
  EXPECT_FALSE(decode(encode(RollCall{contact(1), "eu", {{kTopic, other}}})).ok());
}

TEST(RegionsCodec, RefusesQuestionsThatMakeNoSense) {
  using Stage = CastInto::Stage;
  const TopicName other = TopicName::parse("news/weather").value();
  EXPECT_FALSE(decode(encode(Enquire{kTopic, 8, contact(3), other})).ok());
  const std::vector<Audience::Party> parties(kMaxRoots + 1, {contact(1), true, false});
  EXPECT_FALSE(decode(encode(Audience{8, true, parties})).ok());
  const std::vector<multicast::TreeNode> nodes(kMaxPageNodes + 1, tree_node());
  EXPECT_FALSE(decode(encode(TreePage{8, 0, true, true, nodes, {}})).ok());
  const std::vector<Way> ways(kMaxWays + 1);
  EXPECT_FALSE(decode(encode(TreePage{8, 0, true, true, {}, ways})).ok());
  EXPECT_FALSE(decode(encode(CastInto{kName, 9, 0, Stage::kReady, 0, {}})).ok());
  const std::uint32_t many = multicast::kMaxWanted + 1;
  EXPECT_FALSE(decode(encode(CastInto{kName, 9, many, Stage::kReady, 0, {}})).ok());
  EXPECT_FALSE(decode(encode(CastInto{kName, 9, 1, Stage::kHow, 0, one_message()})).ok());
  EXPECT_FALSE(decode(encode(CastInto{kName, 9, 1, Stage::kTake, 0, {}})).ok());
  EXPECT_FALSE(decode(encode(CastInto{kName, 9, 1, Stage::kTake, 0, Payload::from("\x05x")})).ok());
}

TEST(RegionsCodec, ABatchsBodyIsNotCopied) {
  const Payload body = Payload::from("a body of some length");
  const auto wire = encode(Message(multicast::Publish{kTopic, 1, 5, {9, 10, 2, body, {}}}));
  EXPECT_EQ(wire.body.data(), body.data());
  const auto read = decode(wire);
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(std::get<multicast::Publish>(*read).batch.body.data(), body.data());
}

TEST(RegionsCodec, ARelayedBatchsBodyGoesOnce) {
  const Relayed sent = relayed();
  const auto wire = encode(sent);
  EXPECT_EQ(wire.body.size(), 4u);
  const auto read = decode(wire);
  ASSERT_TRUE(read.ok());
  const auto& legs = std::get<Relayed>(*read).onward.at(0).onward;
  ASSERT_EQ(legs.size(), 2u);
  EXPECT_EQ(legs[0].to, contact(6));
  EXPECT_EQ(legs[1].publish->attempt, 3u);
  EXPECT_EQ(legs[1].publish->batch.body.data(), wire.body.data());
}

TEST(RegionsCodec, RefusesWaysThatLeadToNobody) {
  EXPECT_FALSE(decode(encode(Relayed{contact(3), {}, {}})).ok());
  EXPECT_FALSE(decode(encode(Relayed{contact(3), publish(1), {{contact(5), {}, {}}}})).ok());
  EXPECT_TRUE(decode(encode(Relayed{contact(3), publish(1), {}})).ok());
}

TEST(RegionsCodec, RefusesSeveralBatchesInOne) {
  Relayed other = relayed();
  other.onward[0].onward[1].publish->batch.publisher_first = 12;
  EXPECT_FALSE(decode(encode(other)).ok());
  other = relayed();
  other.onward[0].onward[0].publish->topic = TopicId::of(TopicName::parse("other").value());
  EXPECT_FALSE(decode(encode(other)).ok());
}

TEST(RegionsCodec, RefusesWaysThatAreTooLong) {
  Relayed wide{contact(3), {}, std::vector(kMaxLegs, Relayed::Leg{contact(5), publish(1), {}})};
  EXPECT_TRUE(decode(encode(wide)).ok());
  wide.onward.push_back(wide.onward.back());
  EXPECT_FALSE(decode(encode(wide)).ok());
  Relayed deep{contact(3), {}, {{contact(5), publish(1), {}}}};
  for (int i = 0; i < 1000; ++i) {
    std::vector<Relayed::Leg> below = std::move(deep.onward);
    deep.onward = {Relayed::Leg{contact(5), {}, std::move(below)}};
  }
  EXPECT_FALSE(decode(encode(deep)).ok());
}

TEST(RegionsCodec, OfTheTreesOnlyPublicationsAndTheirAnswersCrossBorders) {
  const auto inner = multicast::encode(multicast::Prune{kTopic, 8});
  auto outer = encode(Message(multicast::PublishAck{kTopic, 1, 5, {}}));
  const auto ack = multicast::encode(multicast::PublishAck{kTopic, 1, 5, {}});
  const auto at = outer.header.find(ack.header);
  ASSERT_NE(at, std::string::npos);
  outer.header.replace(at - 1, ack.header.size() + 1,
                       std::string(1, static_cast<char>(inner.header.size())) + inner.header);
  EXPECT_FALSE(decode(outer).ok());
}

TEST(RegionsCodec, RefusesABodyWhereNoneBelongs) {
  auto wire = encode(InterestTaken{kTopic, 99, 3});
  wire.body = Payload::from("x");
  EXPECT_FALSE(decode(wire).ok());
}

TEST(RegionsCodec, RefusesListsThatAreTooLong) {
  Refreshed refreshed{1, std::vector<TopicId>(kMaxRefreshed + 1, kTopic)};
  EXPECT_FALSE(decode(encode(refreshed)).ok());
  refreshed.topics.pop_back();
  EXPECT_TRUE(decode(encode(refreshed)).ok());
  EXPECT_FALSE(decode(encode(Sought{"eu", std::vector(kMaxSought + 1, contact(1))})).ok());
  const RollCall call{contact(1), "eu", std::vector(kMaxCalled + 1, RollCall::Topic{kTopic})};
  EXPECT_FALSE(decode(encode(call)).ok());
  const Register word{kTopic, contact(3), 1, 1, false, false};
  EXPECT_FALSE(decode(encode(Present{std::vector(kMaxCalled + 1, word)})).ok());
  const Interest interest{kTopic, 1, 2, 3, true, 0, std::vector(kMaxRoots + 1, contact(1))};
  EXPECT_FALSE(decode(encode(interest)).ok());
}

TEST(RegionsCodec, RefusesABookOfSeveralTopics) {
  Book book{kTopic, true, {{{kTopic, contact(3), 1, 1, false, false}, 0, 0us}}};
  book.entries[0].registered.topic = TopicId::of(TopicName::parse("other").value());
  EXPECT_FALSE(decode(encode(book)).ok());
}

RC_GTEST_PROP(RegionsCodec, AlteredBytesAreReadAsSomethingOrRefused,
              (std::uint8_t which, std::uint16_t place, std::uint8_t byte)) {
  const auto messages = one_of_each();
  auto wire = encode(messages[which % messages.size()]);
  wire.header[place % wire.header.size()] = static_cast<char>(byte);
  const auto read = decode(wire);
  if (read.ok()) RC_ASSERT(decode(encode(*read)).ok());
}

}  // namespace
}  // namespace phyllo::regions
