#include "multicast/codec.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "phyllo/v1/multicast.pb.h"

namespace phyllo::multicast {
namespace {

using namespace std::chrono_literals;

const TopicName kName = TopicName::parse("news/sport").value();
const TopicId kTopic = TopicId::of(kName);
const StreamId kStream{overlay::NodeId(77), 3, 4};

overlay::Contact contact(std::uint64_t id) {
  const auto endpoint = overlay::Endpoint::parse("tcp://10.0.0.1:7400").value();
  return {overlay::NodeId(id), 2, {"eu", endpoint, endpoint}};
}

Gap gap() {
  Gap gap;
  gap.why = Gap::Why::kQueueLimit;
  gap.where = overlay::NodeId(5);
  gap.region = "eu";
  gap.stream = kStream;
  gap.first = 3;
  gap.last = 9;
  return gap;
}

std::vector<Message> one_of_each() {
  const std::vector<Stay> stays{{1, 4, {}, 0, 3s}, {5, 9, kStream, 12, 20us}};
  const Batch batch{9, 10, 2, Payload::from("body"), stays};
  const StreamHead head{{kStream, 5}, StreamEnd{StreamId{overlay::NodeId(1), 1, 1}, 7}};
  return {Graft{kName, 3, 4},
          Standing{kTopic, 1, true, {overlay::NodeId(1), overlay::NodeId(2)}, head},
          Dismiss{kTopic, 1, Dismiss::Why::kFull, {{contact(4), Duration(1234)}}},
          Prune{kTopic, 8},
          Hold{kTopic},
          HandOver{kName, 2, StreamEnd{kStream, 9}, 11, HandOver::Stage::kCloserRoot},
          HandOver{kName, 0, StreamEnd{kStream, 9}, 11, HandOver::Stage::kWillLeave},
          HandOver{kName, 0, StreamEnd{kStream, 9}, 0, HandOver::Stage::kLeaves},
          Pulse{{{kTopic, 99, 5}}, {{kTopic, 6, true}}},
          Data{kTopic, {kStream, 5, batch}},
          Loss{kTopic, gap()},
          Locate{kTopic, 1},
          RootIs{kTopic, 1, contact(6)},
          Publish{kTopic, 1, 0, batch},
          PublishAck{kTopic, 1, 5, {6, {kStream, 7}}},
          PublishNack{{kTopic, 1, 5, {6, {kStream, 0}}}, PublishNack::Reason::kUnsettled},
          Cast{kTopic,
               1,
               contact(1),
               3,
               {overlay::NodeId(1)},
               {overlay::NodeId(2)},
               {contact(3)},
               Payload::from("who")},
          CastResult{1, {overlay::NodeId(1)}, true},
          Survey{kTopic, 1, contact(1)},
          SurveyReply{1, false, overlay::NodeId(1), {overlay::NodeId(2)}, 3, 4}};
}

TEST(MulticastCodec, ReadsBackEachKindAsItWasWritten) {
  std::set<std::size_t> kinds;
  for (const Message& message : one_of_each()) {
    kinds.insert(message.index());
    const auto wire = encode(message);
    const auto back = decode(wire);
    ASSERT_TRUE(back.ok()) << message.index() << ": " << back.error().message;
    EXPECT_EQ(back->index(), message.index());
    // Nothing got lost: it is written the same way again.
    EXPECT_EQ(encode(*back), wire) << message.index();
  }
  EXPECT_EQ(kinds.size(), std::variant_size_v<Message>);
}

TEST(MulticastCodec, SharesTheBody) {
  const Payload body = Payload::from("a body that nobody copies");
  const auto wire = encode(Data{kTopic, {kStream, 1, {1, 1, 1, body}}});
  EXPECT_EQ(wire.body.data(), body.data());
  const auto back = decode(wire);
  EXPECT_EQ(std::get<Data>(*back).batch.batch.body.data(), body.data());
}

TEST(MulticastCodec, RefusesABodyWhereNoneBelongs) {
  auto wire = encode(Prune{kTopic, 1});
  wire.body = Payload::from("x");
  EXPECT_EQ(decode(wire).error().code, ErrorCode::kMalformed);
}

template <class Change>
void expect_malformed(Change change) {
  v1::MulticastMessage schema;
  change(schema);
  EXPECT_FALSE(decode({schema.SerializeAsString(), {}}).ok()) << schema.ShortDebugString();
}

TEST(MulticastCodec, RefusesWhatWouldOverflowOrIsTooLong) {
  const auto data = [](v1::MulticastMessage & m) -> auto& {
    m.ParseFromString(encode(Data{kTopic, {kStream, 1, {1, 1, 1, {}}}}).header);
    return *m.mutable_data();
  };
  expect_malformed([](auto&) {});
  expect_malformed([&](auto& m) { data(m).set_first(0); });
  expect_malformed([&](auto& m) { data(m).set_first(~0ull); });
  expect_malformed([&](auto& m) { data(m).set_publisher_first(~0ull - 3); });
  expect_malformed([&](auto& m) { data(m).set_count(0); });
  expect_malformed([&](auto& m) { data(m).set_topic("short"); });
  expect_malformed([&](auto& m) { data(m).clear_stream(); });
  expect_malformed([&](auto& m) { data(m).add_stays(); });
  expect_malformed([&](auto& m) {
    auto& stay = *data(m).add_stays();
    stay.set_first(3);
    stay.set_last(2);
  });
  expect_malformed([&](auto& m) {
    auto& batch = data(m);
    for (int i = 0; i < 5; ++i) {
      auto& stay = *batch.add_stays();
      stay.set_first(1);
      stay.set_last(2);
    }
  });
  expect_malformed([](auto& m) { m.mutable_graft()->set_topic("a//b"); });
  expect_malformed([](auto& m) {
    m.mutable_standing()->set_topic(kTopic.bytes());
    for (int i = 0; i < 200; ++i) m.mutable_standing()->add_path(kTopic.bytes());
  });
  expect_malformed([](auto& m) {
    for (int i = 0; i < 5000; ++i) m.mutable_pulse()->add_up()->set_topic(kTopic.bytes());
  });
  expect_malformed([](auto& m) { m.mutable_dismiss()->set_topic(kTopic.bytes()); });
}

RC_GTEST_PROP(MulticastCodecModel, SurvivesEveryMutationOfAValidMessage, ()) {
  const auto messages = one_of_each();
  auto wire = encode(messages[*rc::gen::inRange<std::size_t>(0, messages.size())]);
  const auto changes = *rc::gen::inRange(1, 5);
  for (int i = 0; i < changes && !wire.header.empty(); ++i) {
    const auto at = *rc::gen::inRange<std::size_t>(0, wire.header.size());
    wire.header[at] = *rc::gen::arbitrary<char>();
    if (*rc::gen::inRange(0, 4) == 0) wire.header.resize(at);
  }
  const auto back = decode(wire);
  // What was understood can be written and understood again.
  if (back.ok()) {
    RC_ASSERT(decode(encode(*back)).ok());
  }
}

}  // namespace
}  // namespace phyllo::multicast
