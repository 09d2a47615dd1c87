#include "broker/core/client_codec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/random.h"
#include "phyllo/v1/client.pb.h"
#include "tests/broker/core/batches.h"
#include "tests/support/sealed.h"

namespace phyllo::broker::client {
namespace {

using phyllo::test::sealed;

/// protobuf would otherwise print a line for each malformed string.
[[maybe_unused]] google::protobuf::LogHandler* const kQuiet =
    google::protobuf::SetLogHandler(nullptr);

overlay::Contact contact(std::uint64_t id) {
  return {overlay::NodeId(id),
          3,
          {"north", *overlay::Endpoint::parse("tcp://10.0.0.1:7400"),
           *overlay::Endpoint::parse("tcp://host.example:7400")}};
}

multicast::Batch batch_with_stays() {
  multicast::Batch batch = make_batch(42, 7, 3);
  batch.stays = {{1, 4, {}, 0, std::chrono::seconds(3)},
                 {5, 6, make_stream(), 12, std::chrono::microseconds(20)}};
  return batch;
}

std::vector<ClientFrame> client_frames() {
  return {Hello{1, kVersion, "name"},
          Publish{"a/b", make_batch(42, 7, 3)},
          Publish{"a/b", batch_with_stays()},
          Subscribe{3, "a", std::nullopt, 1'000, 0},
          Subscribe{3, "a", SlowPolicy::kDropOldest, 1, 2},
          Subscribe{3, "a", SlowPolicy::kDropNewest, 1, 2},
          Subscribe{3, "a", SlowPolicy::kConflate, 1, 2},
          Subscribe{3, "a", SlowPolicy::kDisconnect, 1, 2},
          Unsubscribe{9},
          Credit{9, 12'345},
          Ping{1},
          Pong{2},
          Query{4, TreeQuery{"a"}},
          Query{5, PeersQuery{}},
          Query{6, BordersQuery{}},
          ClientBye{}};
}

TreeAnswer tree_answer() {
  TreeAnswer answer{"a", multicast::TopicId::of(*TopicName::parse("a")), {}, true};
  answer.nodes.push_back({contact(1), true, std::nullopt, {overlay::NodeId(2)}, 0, 8});
  answer.nodes.push_back({contact(2), false, overlay::NodeId(1), {}, 8, 8});
  return answer;
}

PeersAnswer peers_answer() {
  PeersAnswer answer{{contact(1), 0, 0, 0}, "active", {}, {}, {}, 1, 2, 3};
  answer.left_leaves.push_back({contact(2), 100, 0, 2});
  answer.right_leaves.push_back({contact(3), 200, 1, 3});
  answer.table.push_back({contact(4), 300, 2, 4});
  return answer;
}

PeersAnswer peers_of_two_rings() {
  PeersAnswer answer = peers_answer();
  answer.global_ring = RingInfo{"joining", {{contact(5), 1, 0, 0}}, {{contact(6), 2, 0, 0}}, {}};
  answer.global_ring->table.push_back({contact(7), 3, 1, 2});
  return answer;
}

BordersAnswer borders_answer() {
  BorderStats border{"eu", "us", {1, {2, 3}}, {}};
  border.spending = {.price_per_gb = .5,
                     .spent = 4.5,
                     .expected = 6.5,
                     .expected_last_day = 7.5,
                     .budget = 30,
                     .sharers = 2};
  border.spending.volume = {7, 8};
  border.spending.bytes_per_second = .25;
  return {overlay::NodeId(9), "eu", {border, {"us", "eu", {}, {}}}, {{"a/b", "us", 10, 1}}};
}

std::vector<BrokerFrame> broker_frames() {
  multicast::Gap gap = make_gap(3, 9, multicast::Gap::Why::kRootLost);
  gap.where = overlay::NodeId(5);
  gap.region = "south";
  return {Welcome{1, overlay::NodeId(7), "north", "cluster", 1, 2, 3, 4, 5},
          Refused{"limit", "too many", 5},
          PublishAck{42, "a", 7, {3, {make_stream(), 9}}, std::nullopt},
          PublishAck{42, "a", 7, {}, Error{ErrorCode::kTooLarge, "too large"}},
          SubscribeAck{3, {make_stream(), 17}, std::nullopt},
          SubscribeAck{3, {}, Error{ErrorCode::kLimit, "too many"}},
          Deliver{3, make_stream_batch(7, 2)},
          Deliver{3, {make_stream(), 7, batch_with_stays()}},
          GapNotice{3, gap},
          Ping{1},
          Pong{2},
          Answer{6, tree_answer()},
          Answer{7, peers_answer()},
          Answer{8, peers_of_two_rings()},
          Answer{9, borders_answer()},
          Drain{"stopping"},
          BrokerBye{"stopped"}};
}

TEST(ClientCodec, EveryClientFrameSurvivesTheWay) {
  for (const auto& frame : client_frames()) {
    const auto wire = encode_client_frame(frame);
    const auto decoded = decode_client_frame(wire);
    ASSERT_TRUE(decoded.ok()) << decoded.error().message;
    EXPECT_EQ(decoded->index(), frame.index());
    EXPECT_EQ(encode_client_frame(*decoded), wire);
  }
}

TEST(ClientCodec, EveryBrokerFrameSurvivesTheWay) {
  for (const auto& frame : broker_frames()) {
    const auto wire = encode_broker_frame(frame);
    const auto decoded = decode_broker_frame(wire);
    ASSERT_TRUE(decoded.ok()) << decoded.error().message;
    EXPECT_EQ(decoded->index(), frame.index());
    EXPECT_EQ(encode_broker_frame(*decoded), wire);
  }
}

TEST(ClientCodec, BodiesAreSharedNotCopied) {
  const Deliver deliver{3, make_stream_batch(1, 1, 5'000)};
  const auto wire = encode_broker_frame(deliver);
  EXPECT_EQ(wire.body.data(), deliver.batch.batch.body.data());
  const auto decoded = decode_broker_frame(wire);
  EXPECT_EQ(std::get<Deliver>(*decoded).batch.batch.body.data(), wire.body.data());
}

/// What a foreign program might send: the frame is written by hand.
void expect_malformed(const v1::ClientFrame& frame, const Payload& body = {}) {
  const auto decoded = decode_client_frame({sealed(frame.SerializeAsString(), body), body});
  ASSERT_FALSE(decoded.ok()) << frame.DebugString();
  EXPECT_EQ(decoded.error().code, ErrorCode::kMalformed);
}

TEST(ClientCodec, RefusesFramesThatMakeNoSense) {
  v1::ClientFrame frame;
  expect_malformed(frame);
  frame.mutable_hello()->set_magic("PASTRY");
  expect_malformed(frame);
  frame.mutable_publish()->set_count(1);
  expect_malformed(frame);  // numbered from 0
  frame.mutable_publish()->set_first(1);
  frame.mutable_publish()->set_count(0);
  expect_malformed(frame);
  frame.mutable_publish()->set_first(~std::uint64_t{0});
  frame.mutable_publish()->set_count(2);
  expect_malformed(frame);
  frame.mutable_subscribe()->set_policy(static_cast<v1::SlowPolicy>(99));
  expect_malformed(frame);
  frame.mutable_query()->mutable_peers();
  expect_malformed(frame);  // number 0
  frame.mutable_query()->clear_what();
  frame.mutable_query()->set_request(1);
  expect_malformed(frame);
  frame.mutable_ping();
  expect_malformed(frame, Payload::from("a body where none belongs"));
}

TEST(ClientCodec, TellsAnAlteredFrame) {
  for (const auto& frame : client_frames()) {
    auto wire = encode_client_frame(frame);
    wire.header[0] ^= 1;
    EXPECT_EQ(decode_client_frame(wire).error().code, ErrorCode::kAltered);
  }
  auto wire = encode_broker_frame(Deliver{3, make_stream_batch(1, 1, 5'000)});
  std::string body(wire.body.view());
  body[4'000] ^= 1;
  wire.body = Payload::from(body);
  EXPECT_EQ(decode_broker_frame(wire).error().code, ErrorCode::kAltered);
}

TEST(ClientCodec, HearsTheHelloOfVersionOneThoughItKnowsNoSeals) {
  v1::ClientFrame frame;
  frame.mutable_hello()->set_magic("PHYLLO");
  frame.mutable_hello()->set_min_version(1);
  frame.mutable_hello()->set_max_version(1);
  const auto hello = decode_client_frame({frame.SerializeAsString(), {}});
  ASSERT_TRUE(hello.ok());
  EXPECT_EQ(std::get<Hello>(*hello).max_version, 1u);
  frame.mutable_hello()->set_max_version(kVersion);
  EXPECT_FALSE(decode_client_frame({frame.SerializeAsString(), {}}).ok());
}

TEST(ClientCodec, TruncatedAndMutatedFramesAreDecodedOrRefusedButNothingElse) {
  Random random(1);
  for (const auto& frame : client_frames()) {
    const auto wire = encode_client_frame(frame);
    for (std::size_t length = 0; length < wire.header.size(); ++length) {
      (void)decode_client_frame({wire.header.substr(0, length), wire.body}).ok();
    }
    for (int i = 0; i < 200; ++i) {
      auto mutated = wire;
      mutated.header[random.below(mutated.header.size())] = static_cast<char>(random.next());
      if (mutated != wire) {
        const auto altered = decode_client_frame(mutated);
        const auto* hello = altered.ok() ? std::get_if<Hello>(&*altered) : nullptr;
        const bool foreign =
            hello != nullptr && (hello->min_version > kVersion || hello->max_version < kVersion);
        EXPECT_TRUE(!altered.ok() || foreign)
            << "only a hello of another version is read without a seal, and refused later";
      }
      seal(mutated.header, mutated.body);
      const auto decoded = decode_client_frame(mutated);
      if (decoded.ok()) {
        const auto again = decode_client_frame(encode_client_frame(*decoded));
        EXPECT_TRUE(again.ok()) << "what was accepted can be said again";
      }
    }
  }
}

}  // namespace
}  // namespace phyllo::broker::client
