#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "base/seal.h"
#include "overlay/codec.h"
#include "overlay/contact_codec.h"
#include "overlay/decoder.h"
#include "phyllo/v1/overlay.pb.h"

// The way in; distances_codec.cc is the rest of it, encode_codec.cc the way out.

namespace phyllo::overlay {
namespace {

using Schema = v1::OverlayMessage;

constexpr std::uint32_t varint(int field) { return ProtoReader::varint(field); }
constexpr std::uint32_t fixed64(int field) { return ProtoReader::fixed64(field); }
constexpr std::uint32_t bytes(int field) { return ProtoReader::bytes(field); }

}  // namespace

Result<RingMessage> Decoder::message(std::string_view header) {
  std::optional<Message> message;
  std::uint64_t ring = v1::GLOBAL;
  each_field(header, [&](const ProtoReader& in) {
    if (in.tag() == varint(Schema::kRingFieldNumber)) ring = in.number();
    const bool carried_body = std::exchange(carries_body_, false);
    if (auto known = kind(in)) {
      message = std::move(known);
    } else {
      carries_body_ = carried_body;  // a field of a later version
    }
  });
  require(message.has_value(), "a message of no kind");
  require(ring == v1::GLOBAL || ring == v1::HOME, "there is no such ring");
  require(carries_body_ || body_.empty(), "a body where none belongs");
  if (problem_) return Error{ErrorCode::kMalformed, *std::move(problem_)};
  return RingMessage{static_cast<RingScope>(ring), *std::move(message)};
}

std::optional<Message> Decoder::kind(const ProtoReader& in) {
  const std::string_view m = in.bytes();
  switch (in.tag()) {
    case bytes(Schema::kDirectFieldNumber):
      return direct(m);
    case bytes(Schema::kHopFieldNumber):
      return hop(m);
    case bytes(Schema::kHopAckFieldNumber):
      return hop_ack(m);
    case bytes(Schema::kProbeFieldNumber):
      return probe<Probe, v1::Probe>(m);
    case bytes(Schema::kProbeReplyFieldNumber):
      return probe<ProbeReply, v1::ProbeReply>(m);
    case bytes(Schema::kHeartbeatFieldNumber):
      return heartbeat(m);
    case bytes(Schema::kPingFieldNumber):
      return ping<Ping, v1::NodePing>(m);
    case bytes(Schema::kPongFieldNumber):
      return ping<Pong, v1::NodePong>(m);
    case bytes(Schema::kMeasuredFieldNumber):
      return measured(m);
    case bytes(Schema::kAskFieldNumber):
      return ask(m);
    case bytes(Schema::kAnswerFieldNumber):
      return answer(m);
    case bytes(Schema::kJoinAcceptedFieldNumber):
      return accepted(m);
    case bytes(Schema::kJoinRefusedFieldNumber):
      return refused(m);
    case bytes(Schema::kLeavingFieldNumber):
      return leaving(m);
    case bytes(Schema::kSupersededFieldNumber):
      return superseded(m);
    default:
      return std::nullopt;
  }
}

// --- contacts ---

void Decoder::contact(std::string_view text, std::optional<Contact>& out) {
  auto contact = read_contact(text, places_);
  if (!contact.ok()) return fail(contact.error().message);
  out = *std::move(contact);
}

void Decoder::add_contact(const ProtoReader& in, std::vector<Contact>& out) {
  if (out.size() == kMaxContacts) return fail("a list is too long");
  auto contact = read_contact(in.bytes(), places_);
  if (!contact.ok()) return fail(contact.error().message);
  if (out.empty()) {  // contacts are about equally long
    out.reserve(std::min(kMaxContacts, 2 + in.left() / (in.bytes().size() + 2)));
  }
  out.push_back(*std::move(contact));
}

LeafSetState Decoder::state(std::string_view m) {
  using Info = v1::LeafSetState;
  LeafSetState state;
  each_field(m, [&](const ProtoReader& in) {
    if (in.tag() == bytes(Info::kLeavesFieldNumber)) {
      add_contact(in, state.leaves);
    } else if (in.tag() == bytes(Info::kFailedFieldNumber)) {
      require(state.failed.size() < kMaxDeparted, "a list is too long");
      state.failed.push_back(departed(in.bytes()));
    } else if (in.tag() == varint(Info::kActiveFieldNumber)) {
      state.active = in.number() != 0;
    }
  });
  return state;
}

Departed Decoder::departed(std::string_view m) {
  std::string_view name;
  Departed departed;
  each_field(m, [&](const ProtoReader& in) {
    if (in.tag() == bytes(v1::Departed::kIdFieldNumber)) {
      name = in.bytes();
    } else if (in.tag() == varint(v1::Departed::kIncarnationFieldNumber)) {
      departed.incarnation = in.number();
    }
  });
  departed.id = id(name);
  return departed;
}

// --- messages of the layer above, and their hops ---

Message Decoder::direct(std::string_view m) {
  AppMessage message;
  each_field(m, [&](const ProtoReader& in) {
    if (in.tag() == bytes(v1::Direct::kHeaderFieldNumber)) message.header = in.bytes();
  });
  carries_body_ = true;
  message.body = body_;
  return Direct{std::move(message)};
}

Message Decoder::hop(std::string_view m) {
  using Info = v1::Hop;
  std::uint64_t life = 0;
  std::uint64_t number = 0;
  std::uint64_t settled = 0;
  std::uint32_t hops = 0;
  std::string_view key;
  std::optional<Contact> origin;
  std::optional<std::uint32_t> cargo;  // the tag it came under
  std::string_view cargo_text;
  each_field(m, [&](const ProtoReader& in) {
    switch (in.tag()) {
      case fixed64(Info::kLifeFieldNumber):
        life = in.number();
        break;
      case varint(Info::kHopFieldNumber):
        number = in.number();
        break;
      case varint(Info::kSettledFieldNumber):
        settled = in.number();
        break;
      case bytes(Info::kKeyFieldNumber):
        key = in.bytes();
        break;
      case bytes(Info::kOriginFieldNumber):
        contact(in.bytes(), origin);
        break;
      case varint(Info::kHopsFieldNumber):
        hops = static_cast<std::uint32_t>(in.number());
        break;
      case bytes(Info::kHeaderFieldNumber):
      case bytes(Info::kJoinFieldNumber):
        cargo = in.tag();
        cargo_text = in.bytes();
        break;
      default:
        break;
    }
  });
  const auto position = Key::from_bytes(key);
  require(position.has_value(), "a key is not 16 bytes long");
  require(cargo.has_value() || !origin, "a hop carries nothing");
  Hop hop{life, number,      settled, position.value_or(Key()), given(std::move(origin)),
          hops, AppMessage{}};
  if (cargo == bytes(Info::kJoinFieldNumber)) {
    hop.cargo = join(cargo_text);
  } else {
    carries_body_ = true;
    hop.cargo = AppMessage{std::string(cargo_text), body_};
  }
  return hop;
}

JoinRequest Decoder::join(std::string_view m) {
  using Info = v1::JoinRequest;
  JoinRequest join;
  each_field(m, [&](const ProtoReader& in) {
    if (in.tag() == bytes(Info::kRowsFieldNumber)) {
      add_contact(in, join.rows);
    } else if (in.tag() == fixed64(Info::kAttemptFieldNumber)) {
      join.attempt = in.number();
    } else if (in.tag() == bytes(Info::kCoordinatesFieldNumber)) {
      join.coordinates = coordinates(in.bytes());
    } else if (in.tag() == bytes(Info::kCoordinateFieldNumber)) {
      join.coordinate = coordinate(in.bytes());
    }
  });
  require_as_many(join.coordinates, join.rows);
  return join;
}

Message Decoder::hop_ack(std::string_view m) {
  HopAck ack;
  each_field(m, [&](const ProtoReader& in) {
    if (in.tag() == fixed64(v1::HopAck::kLifeFieldNumber)) ack.life = in.number();
    if (in.tag() == varint(v1::HopAck::kHopFieldNumber)) ack.hop = in.number();
  });
  return ack;
}

// --- liveness and distance ---

/// Of the kinds that are answers.
template <class Kind, class Info>
void Decoder::occupant(const ProtoReader& in, Kind& out) {
  if constexpr (requires { out.occupant; }) {
    if (in.tag() == varint(Info::kOccupantNanosecondsFieldNumber)) {
      out.occupant = round_trip(in.number());
    } else if (in.tag() == bytes(Info::kCoordinateFieldNumber)) {
      out.coordinate = coordinate(in.bytes());
    }
  }
}

template <class Kind, class Info>
Message Decoder::probe(std::string_view m) {
  Kind probe;
  each_field(m, [&](const ProtoReader& in) {
    if (in.tag() == fixed64(Info::kNonceFieldNumber)) probe.nonce = in.number();
    if (in.tag() == bytes(Info::kStateFieldNumber)) probe.state = state(in.bytes());
    occupant<Kind, Info>(in, probe);
  });
  return probe;
}

Message Decoder::heartbeat(std::string_view m) {
  Heartbeat heartbeat;
  each_field(m, [&](const ProtoReader& in) {
    if (in.tag() == varint(v1::Heartbeat::kActiveFieldNumber)) heartbeat.active = in.number() != 0;
  });
  return heartbeat;
}

template <class Kind, class Info>
Message Decoder::ping(std::string_view m) {
  Kind ping;
  each_field(m, [&](const ProtoReader& in) {
    if (in.tag() == fixed64(Info::kNonceFieldNumber)) ping.nonce = in.number();
    if (in.tag() == varint(Info::kMemberFieldNumber)) ping.member = in.number() != 0;
    occupant<Kind, Info>(in, ping);
  });
  return ping;
}

// --- coming and going ---

Message Decoder::accepted(std::string_view m) {
  using Info = v1::JoinAccepted;
  JoinAccepted accepted;
  each_field(m, [&](const ProtoReader& in) {
    if (in.tag() == fixed64(Info::kAttemptFieldNumber)) accepted.attempt = in.number();
    if (in.tag() == bytes(Info::kLeavesFieldNumber)) add_contact(in, accepted.leaves);
    if (in.tag() == bytes(Info::kRowsFieldNumber)) add_contact(in, accepted.rows);
    if (in.tag() == bytes(Info::kCoordinatesFieldNumber)) {
      accepted.coordinates = coordinates(in.bytes());
    }
  });
  require_as_many(accepted.coordinates, accepted.rows);
  return accepted;
}

Message Decoder::refused(std::string_view m) {
  using Info = v1::JoinRefused;
  JoinRefused refused;
  std::uint64_t reason = Info::UNKNOWN;
  each_field(m, [&](const ProtoReader& in) {
    if (in.tag() == fixed64(Info::kAttemptFieldNumber)) refused.attempt = in.number();
    if (in.tag() == varint(Info::kReasonFieldNumber)) reason = in.number();
    if (in.tag() == varint(Info::kIncarnationFieldNumber)) refused.incarnation = in.number();
    if (in.tag() == bytes(Info::kHolderFieldNumber)) contact(in.bytes(), refused.holder);
  });
  require(reason == Info::ID_TAKEN || reason == Info::KNOWN_IN_LATER_LIFE,
          "a refusal gives no reason");
  require(refused.incarnation <= kMaxIncarnation, "an incarnation is out of range");
  if (reason == Info::ID_TAKEN) refused.reason = JoinRefused::Reason::kIdTaken;
  return refused;
}

Message Decoder::leaving(std::string_view m) {
  Leaving leaving;
  each_field(m, [&](const ProtoReader& in) {
    if (in.tag() == bytes(v1::Leaving::kLeavesFieldNumber)) add_contact(in, leaving.leaves);
  });
  return leaving;
}

Message Decoder::superseded(std::string_view m) {
  std::optional<Contact> holder;
  bool active = false;
  each_field(m, [&](const ProtoReader& in) {
    if (in.tag() == bytes(v1::Superseded::kHolderFieldNumber)) contact(in.bytes(), holder);
    if (in.tag() == varint(v1::Superseded::kActiveFieldNumber)) active = in.number() != 0;
  });
  return Superseded{given(std::move(holder)), active};
}

Result<RingMessage> decode_of_any_ring(Wire wire, Places& places) {
  const auto header = unseal(wire.header, wire.body);
  if (!header) return header.error();
  return Decoder(wire.body, places).message(*header);
}

Result<Message> decode(Wire wire, Places& places) {
  auto decoded = decode_of_any_ring(std::move(wire), places);
  if (!decoded) return decoded.error();
  if (decoded->ring != RingScope::kGlobal) {
    return Error{ErrorCode::kMalformed, "a message of another ring"};
  }
  return std::move(decoded->message);
}

Result<Message> decode(Wire wire) {
  Places places;
  return decode(std::move(wire), places);
}

}  // namespace phyllo::overlay
