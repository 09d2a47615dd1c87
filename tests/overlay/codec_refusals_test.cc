// What no node says: bytes that mean nothing, or more than anybody may say.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "overlay/codec.h"
#include "phyllo/v1/overlay.pb.h"
#include "tests/support/sealed.h"

namespace phyllo::overlay {
namespace {

using phyllo::test::sealed;

/// What is wrong with the bytes, as the schema sees them.
void expect_malformed(const v1::OverlayMessage& message, const std::string& what,
                      const Payload& body = {}) {
  const auto decoded = decode({sealed(message.SerializeAsString(), body), body});
  ASSERT_FALSE(decoded.ok()) << message.ShortDebugString();
  EXPECT_EQ(decoded.error().code, ErrorCode::kMalformed);
  EXPECT_NE(decoded.error().message.find(what), std::string::npos) << decoded.error().message;
}

v1::ContactInfo good_contact() {
  v1::ContactInfo info;
  info.set_id(std::string(16, 'i'));
  info.set_local_endpoint("tcp://a:1");
  return info;
}

TEST(Codec, refuses_bytes_that_are_no_message) {
  EXPECT_FALSE(decode({"", {}}).ok());
  EXPECT_FALSE(decode({std::string(100, '\xff'), {}}).ok());
  EXPECT_FALSE(decode({sealed(std::string(100, '\xff')), {}}).ok());
  expect_malformed({}, "no kind");
}

TEST(Codec, refuses_coordinates_that_are_none_or_too_many) {
  v1::OverlayMessage pong;
  const auto say = [&](std::vector<std::uint32_t> words) {
    pong.mutable_pong()->clear_coordinate();
    for (const std::uint32_t word : words) pong.mutable_pong()->add_coordinate(word);
  };
  say({1, 2, 3, 4});
  EXPECT_TRUE(decode({sealed(pong.SerializeAsString()), {}}).ok());
  say({1, 2, 3});
  expect_malformed(pong, "cut off");
  say({1, 2, 3, 4, 1, 2, 3, 4});
  expect_malformed(pong, "more than one");
  say({1, 0x7fffffff, 3, 4});
  expect_malformed(pong, "range");
  say({1, 2, 0x80000000, 4});
  expect_malformed(pong, "range");
  v1::OverlayMessage answer;
  *answer.mutable_answer()->add_contacts() = good_contact();
  for (const std::uint32_t word : {1, 2, 3, 4, 1, 2, 3, 4}) {
    answer.mutable_answer()->add_coordinates(word);
  }
  expect_malformed(answer, "as many");
}

TEST(Codec, refuses_rings_that_there_are_not) {
  v1::OverlayMessage ping;
  ping.mutable_ping()->set_nonce(1);
  ping.set_ring(static_cast<v1::Ring>(2));
  expect_malformed(ping, "ring");
}

TEST(Codec, refuses_a_body_where_none_belongs) {
  v1::OverlayMessage ping;
  ping.mutable_ping()->set_nonce(1);
  expect_malformed(ping, "body", Payload::from("x"));
  v1::OverlayMessage join;
  join.mutable_hop()->set_key(std::string(16, 'k'));
  *join.mutable_hop()->mutable_origin() = good_contact();
  join.mutable_hop()->mutable_join()->set_attempt(1);
  expect_malformed(join, "body", Payload::from("x"));
}

TEST(Codec, refuses_ids_and_keys_that_are_not_16_bytes) {
  v1::OverlayMessage hop;
  hop.mutable_hop()->set_header("h");
  expect_malformed(hop, "key");
  hop.mutable_hop()->set_key(std::string(16, 'k'));
  expect_malformed(hop, "node id");
  *hop.mutable_hop()->mutable_origin() = good_contact();
  hop.mutable_hop()->mutable_origin()->set_id(std::string(1 << 20, 'i'));
  expect_malformed(hop, "node id");
  v1::OverlayMessage probe;
  probe.mutable_probe()->mutable_state()->add_failed()->set_id("short");
  expect_malformed(probe, "node id");
  v1::OverlayMessage ask;
  ask.mutable_ask()->set_closest("short");
  expect_malformed(ask, "node id");
}

TEST(Codec, refuses_absurd_contacts) {
  v1::OverlayMessage message;
  auto& holder = *message.mutable_superseded()->mutable_holder();
  holder = good_contact();
  ASSERT_TRUE(decode({sealed(message.SerializeAsString()), {}}).ok());
  holder.set_local_endpoint("http://example.org");
  expect_malformed(message, "endpoint");
  holder = good_contact();
  holder.set_wan_endpoint("tcp://" + std::string(300, 'x') + ":1");
  expect_malformed(message, "endpoint");
  holder = good_contact();
  holder.set_incarnation(~std::uint64_t{0});
  expect_malformed(message, "incarnation");
  holder = good_contact();
  holder.set_region(std::string(65, 'r'));
  expect_malformed(message, "region");
}

TEST(Codec, refuses_lists_that_are_too_long) {
  v1::OverlayMessage leaving;
  v1::OverlayMessage probe;
  for (std::size_t i = 0; i <= kMaxContacts; ++i) {
    *leaving.mutable_leaving()->add_leaves() = good_contact();
    probe.mutable_probe()->mutable_state()->add_failed()->set_id(std::string(16, 'f'));
  }
  expect_malformed(leaving, "too long");
  expect_malformed(probe, "too long");
}

TEST(Codec, refuses_round_trips_that_fit_no_contact) {
  v1::OverlayMessage answer;
  *answer.mutable_answer()->add_contacts() = good_contact();
  answer.mutable_answer()->add_round_trips(5);
  ASSERT_TRUE(decode({sealed(answer.SerializeAsString()), {}}).ok());
  answer.mutable_answer()->add_round_trips(5);
  expect_malformed(answer, "as many");
  answer.mutable_answer()->clear_round_trips();
  answer.mutable_answer()->add_round_trips(~std::uint32_t{0});
  expect_malformed(answer, "hour");
  for (std::size_t i = 0; i <= kMaxContacts; ++i) answer.mutable_answer()->add_round_trips(5);
  expect_malformed(answer, "too long");
  // Three bytes where four belong.
  const std::string cut = sealed("\x5a\x05\x2a\x03\x01\x02\x03");
  EXPECT_FALSE(decode({cut, {}}).ok());
}

TEST(Codec, refuses_questions_refusals_and_measurements_that_mean_nothing) {
  v1::OverlayMessage hop;
  hop.mutable_hop()->set_key(std::string(16, 'k'));
  *hop.mutable_hop()->mutable_origin() = good_contact();
  expect_malformed(hop, "carries nothing");
  v1::OverlayMessage ask;
  ask.mutable_ask()->set_nonce(1);
  expect_malformed(ask, "asks nothing");
  ask.mutable_ask()->set_row(32);
  expect_malformed(ask, "row");
  v1::OverlayMessage answer;
  answer.mutable_answer()->set_rows(33);
  expect_malformed(answer, "rows");
  v1::OverlayMessage refused;
  refused.mutable_join_refused()->set_attempt(1);
  expect_malformed(refused, "reason");
  v1::OverlayMessage measured;
  measured.mutable_measured()->set_nanoseconds(~std::uint64_t{0});
  expect_malformed(measured, "hour");
  v1::OverlayMessage pong;
  pong.mutable_pong()->set_occupant_nanoseconds(~std::uint64_t{0});
  expect_malformed(pong, "hour");
  v1::OverlayMessage reply;
  reply.mutable_probe_reply()->set_occupant_nanoseconds(~std::uint64_t{0});
  expect_malformed(reply, "hour");
}

}  // namespace
}  // namespace phyllo::overlay
