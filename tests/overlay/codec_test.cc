#include "overlay/codec.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>

#include "phyllo/v1/overlay.pb.h"
#include "tests/overlay/samples.h"
#include "tests/support/sealed.h"

namespace phyllo::overlay {
namespace {

using phyllo::test::sealed;

Contact any_contact() {
  const NodeId id = any_id();
  const Incarnation incarnation = *rc::gen::arbitrary<std::uint64_t>() % kMaxIncarnation;
  const Endpoint local = *rc::gen::inRange(0, 3) == 0 ? Endpoint() : endpoint("tcp://[::1]:7400");
  const Endpoint wan = *rc::gen::inRange(0, 3) == 0 ? Endpoint() : endpoint("ipc:///run/x");
  const std::string region = *rc::gen::element<std::string>("", "eu", "Москва", "ap-south-1");
  return Contact(id, incarnation, {region, local, wan});
}

std::vector<Contact> any_contacts() {
  std::vector<Contact> contacts;
  for (int i = *rc::gen::inRange(0, 6); i > 0; --i) contacts.push_back(any_contact());
  return contacts;
}

Coordinate any_coordinate() {
  Coordinate any;
  any.error = *rc::gen::arbitrary<std::uint8_t>();
  if (!any.known()) return any;
  const std::int32_t farthest = Coordinate::kFarthest;
  for (auto& along : any.at) along = *rc::gen::inRange(-farthest, farthest + 1);
  any.height = *rc::gen::inRange<std::uint32_t>(0, Coordinate::kHighest + 1);
  return any;
}

/// As many as contacts, or none.
std::vector<Coordinate> any_coordinates(const std::vector<Contact>& contacts) {
  std::vector<Coordinate> all;
  if (*rc::gen::arbitrary<bool>()) return all;
  while (all.size() < contacts.size()) all.push_back(any_coordinate());
  return all;
}

AppMessage any_app_message() {
  return {*rc::gen::arbitrary<std::string>(), Payload::from(*rc::gen::arbitrary<std::string>())};
}

LeafSetState any_state() {
  LeafSetState state{*rc::gen::arbitrary<bool>(), any_contacts(), {}};
  for (int i = *rc::gen::inRange(0, 5); i > 0; --i) {
    state.failed.push_back({any_id(), *rc::gen::arbitrary<std::uint64_t>()});
  }
  return state;
}

Message any_hop() {
  Hop hop{*rc::gen::arbitrary<std::uint64_t>(),
          *rc::gen::arbitrary<std::uint64_t>(),
          *rc::gen::arbitrary<std::uint64_t>(),
          any_key(),
          any_contact(),
          *rc::gen::arbitrary<std::uint32_t>(),
          any_app_message()};
  if (*rc::gen::arbitrary<bool>()) {
    JoinRequest request{*rc::gen::arbitrary<std::uint64_t>(), any_contacts()};
    request.coordinates = any_coordinates(request.rows);
    request.coordinate = any_coordinate();
    hop.cargo = std::move(request);
  }
  return hop;
}

Duration any_round_trip() { return Duration(*rc::gen::inRange<std::int64_t>(0, 1'000'000'000)); }

Message any_answer(std::uint64_t number, bool active) {
  Answer answer{number, active, *rc::gen::inRange(0u, 33u), any_contacts(), {}};
  answer.coordinates = any_coordinates(answer.contacts);
  if (*rc::gen::arbitrary<bool>()) return answer;
  for (std::size_t i = 0; i < answer.contacts.size(); ++i) {  // whole microseconds
    answer.round_trips.push_back(1000 * any_round_trip());
  }
  return answer;
}

Message any_ask(std::uint64_t number) {
  switch (*rc::gen::inRange(0, 3)) {
    case 0:
      return Ask{number, AskLeaves{}, any_coordinate()};
    case 1:
      return Ask{number, AskRow{*rc::gen::inRange(0u, 32u)}, any_coordinate()};
    default:
      return Ask{number, AskClosest{any_id()}};
  }
}

Message any_acceptance(std::uint64_t attempt) {
  JoinAccepted accepted{attempt, any_contacts(), any_contacts()};
  accepted.coordinates = any_coordinates(accepted.rows);
  return accepted;
}

Message any_refusal(std::uint64_t number) {
  JoinRefused refused{number, JoinRefused::Reason::kKnownInLaterLife,
                      *rc::gen::arbitrary<std::uint64_t>() % kMaxIncarnation, std::nullopt};
  if (*rc::gen::arbitrary<bool>()) {
    refused.reason = JoinRefused::Reason::kIdTaken;
    refused.holder = any_contact();
  }
  return refused;
}

Message any_message(std::size_t kind) {
  const auto number = *rc::gen::arbitrary<std::uint64_t>();
  const bool yes = *rc::gen::arbitrary<bool>();
  switch (kind) {
    case 0:
      return Direct{any_app_message()};
    case 1:
      return any_hop();
    case 2:
      return HopAck{number, *rc::gen::arbitrary<std::uint64_t>()};
    case 3:
      return Probe{number, any_state()};
    case 4:
      return ProbeReply{number, any_state(), any_round_trip(), any_coordinate()};
    case 5:
      return Heartbeat{yes};
    case 6:
      return Ping{number, yes};
    case 7:
      return Pong{number, yes, any_round_trip(), any_coordinate()};
    case 8:
      return Measured{any_round_trip(), any_coordinate()};
    case 9:
      return any_ask(number);
    case 10:
      return any_answer(number, yes);
    case 11:
      return any_acceptance(number);
    case 12:
      return any_refusal(number);
    case 13:
      return Leaving{any_contacts()};
    default:
      return Superseded{any_contact(), yes};
  }
}

RC_GTEST_PROP(Codec, brings_every_kind_of_message_back, ()) {
  static_assert(std::variant_size_v<Message> == 15, "add the new kind to any_message");
  const auto kind = *rc::gen::inRange<std::size_t>(0, std::variant_size_v<Message>);
  const Message message = any_message(kind);
  RC_ASSERT(message.index() == kind);
  const auto decoded = decode(encode(message));
  RC_ASSERT(decoded.ok());
  RC_ASSERT(*decoded == message);
}

RC_GTEST_PROP(Codec, tells_the_ring_of_a_message_in_three_bytes_or_none, ()) {
  const Message message = any_message(*rc::gen::inRange<std::size_t>(0, 15));
  Places places;
  for (const RingScope ring : {RingScope::kGlobal, RingScope::kHome}) {
    const auto decoded = decode_of_any_ring(encode(message, ring), places);
    RC_ASSERT(decoded.ok());
    RC_ASSERT(decoded->ring == ring);
    RC_ASSERT(decoded->message == message);
  }
  RC_ASSERT(encode(message, RingScope::kHome).header.size() == encode(message).header.size() + 3);
  RC_ASSERT(decode(encode(message, RingScope::kHome)).error().code == ErrorCode::kMalformed);
}

RC_GTEST_PROP(Codec, survives_any_damage_to_a_message, ()) {
  Wire wire = encode(any_message(*rc::gen::inRange<std::size_t>(0, 15)));
  for (int i = *rc::gen::inRange(1, 8); i > 0 && !wire.header.empty(); --i) {
    const auto place = *rc::gen::inRange<std::size_t>(0, wire.header.size());
    if (*rc::gen::arbitrary<bool>()) {
      wire.header[place] = *rc::gen::arbitrary<char>();
    } else {
      wire.header.resize(place);
    }
  }
  seal(wire.header, wire.body);
  const auto decoded = decode(wire);
  if (decoded.ok()) RC_ASSERT(*decode(encode(*decoded)) == *decoded);
}

RC_GTEST_PROP(Codec, tells_an_altered_header_or_body, ()) {
  const Wire sent = encode(any_message(*rc::gen::inRange<std::size_t>(0, 15)));
  std::string header = sent.header;
  std::string body(sent.body.view());
  std::string& altered = !body.empty() && *rc::gen::arbitrary<bool>() ? body : header;
  const auto place = *rc::gen::inRange<std::size_t>(0, altered.size());
  switch (*rc::gen::inRange(0, 3)) {
    case 0:
      altered[place] ^= static_cast<char>(1 << *rc::gen::inRange(0, 8));
      break;
    case 1:
      altered.resize(place);
      break;
    default:
      altered.insert(place, 1, 'x');
  }
  const Wire came{header, Payload::from(body)};
  if (came == sent) return;  // cannot be told
  const auto decoded = decode(came);
  RC_ASSERT(!decoded.ok());
  RC_ASSERT(decoded.error().code == ErrorCode::kAltered);
}

TEST(Codec, tells_a_body_that_belongs_to_another_header) {
  const Wire one = encode(Direct{{"header", Payload::from("one body")}});
  const Wire other = encode(Direct{{"header", Payload::from("two body")}});
  ASSERT_TRUE(decode(one).ok());
  EXPECT_EQ(decode({one.header, other.body}).error().code, ErrorCode::kAltered);
  EXPECT_EQ(decode({one.header, {}}).error().code, ErrorCode::kAltered);
}

/// A relay's memory may be bad, too: what it says of the body is what the source said.
TEST(Codec, passes_on_the_checksum_that_a_body_came_with) {
  std::string memory = "what was published";
  const Payload held = Payload::adopt(nullptr, memory).summed();
  memory[3] ^= 1;
  EXPECT_EQ(decode(encode(Direct{{"header", held}})).error().code, ErrorCode::kAltered);
}

RC_GTEST_PROP(Codec, writes_what_the_schema_would_write, ()) {
  const auto ring = *rc::gen::element(RingScope::kGlobal, RingScope::kHome);
  const Wire wire = encode(any_message(*rc::gen::inRange<std::size_t>(0, 15)), ring);
  v1::OverlayMessage read;
  RC_ASSERT(read.ParseFromString(wire.header));
  read.clear_seal();  // comes last, whatever its number
  RC_ASSERT(sealed(read.SerializeAsString(), wire.body) == wire.header);
  read.GetReflection()->MutableUnknownFields(&read)->AddVarint(1000, 7);
  const std::string later = sealed(read.SerializeAsString(), wire.body);
  Places places;
  const auto understood = decode_of_any_ring({later, wire.body}, places);
  RC_ASSERT(understood.ok() && understood->ring == ring);
  RC_ASSERT(understood->message == decode_of_any_ring(wire, places)->message);
}

TEST(Codec, contacts_of_several_messages_share_their_places) {
  Places places;
  const Wire wire = encode(Leaving{{contact_at(1), contact_at(2), contact_at(1)}});
  const auto one = decode(wire, places);
  const auto other = decode(wire, places);
  ASSERT_TRUE(one.ok() && other.ok());
  EXPECT_EQ(*one, *other);
  const auto& leaves = std::get<Leaving>(*one).leaves;
  EXPECT_EQ(&leaves[0].place(), &std::get<Leaving>(*other).leaves[2].place());
}

TEST(Codec, shares_the_body_instead_of_copying_it) {
  const Payload body = Payload::from(std::string(1000, 'x'));
  const Wire wire = encode(Direct{{"header", body}});
  EXPECT_EQ(wire.body.data(), body.data());
  EXPECT_LT(wire.header.size(), 20u + kSealSize);
  const auto decoded = decode(wire);
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(std::get<Direct>(*decoded).message.body.data(), body.data());
}

TEST(Codec, cuts_lists_that_are_too_long_to_be_read) {
  Answer answer{1, true, 0, std::vector<Contact>(kMaxContacts + 10, contact_at(1)),
                std::vector<Duration>(kMaxContacts + 10, Duration(1))};
  const auto decoded = decode(encode(answer));
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(std::get<Answer>(*decoded).contacts.size(), kMaxContacts);
  EXPECT_EQ(std::get<Answer>(*decoded).round_trips.size(), kMaxContacts);
  EXPECT_GT(std::get<Answer>(*decoded).round_trip(0), Duration::zero()) << "it was measured";
}
}  // namespace
}  // namespace phyllo::overlay
