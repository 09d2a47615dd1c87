#include <algorithm>
#include <span>
#include <utility>

#include "base/seal.h"
#include "overlay/codec.h"
#include "overlay/contact_codec.h"
#include "overlay/proto_writer.h"
#include "phyllo/v1/overlay.pb.h"

// The way out; decode_codec.cc is the way in. Field numbers are the schema's; the bytes are written
// without its generated types, which take memory for every field of every contact.

namespace phyllo::overlay {
namespace {

using Schema = v1::OverlayMessage;

constexpr std::size_t kUsualContact = 96;
constexpr std::size_t kFixedPart = 64 + kSealSize;

template <class Id>
void put_id(ProtoWriter& out, int field, Id id) {
  const auto bytes = id.raw_bytes();
  out.bytes(field, {bytes.data(), bytes.size()});
}

void put(ProtoWriter& out, int field, const std::vector<Contact>& contacts) {
  const std::size_t count = std::min(contacts.size(), kMaxContacts);
  for (std::size_t i = 0; i < count; ++i) write_contact(out, field, contacts[i]);
}

void put(ProtoWriter& out, int field, Duration round_trip) {
  out.varint(field, static_cast<std::uint64_t>(round_trip.count()));
}

void put(std::string& packed, std::uint32_t word) {
  for (int shift = 0; shift < 32; shift += 8) packed += static_cast<char>(word >> shift);
}

/// Rounded up: what was measured stays so.
void put(ProtoWriter& out, int field, const std::vector<Duration>& round_trips) {
  std::string packed;
  const std::size_t count = std::min(round_trips.size(), kMaxContacts);
  for (std::size_t i = 0; i < count; ++i) {
    const auto value = std::chrono::ceil<std::chrono::microseconds>(round_trips[i]).count();
    put(packed, static_cast<std::uint32_t>(value));
  }
  out.bytes(field, packed);
}

void put(ProtoWriter& out, int field, std::span<const Coordinate> coordinates) {
  std::string packed;
  for (const Coordinate& one : coordinates.first(std::min(coordinates.size(), kMaxContacts))) {
    for (const std::int32_t along : one.at) put(packed, static_cast<std::uint32_t>(along));
    put(packed, one.height << 8 | one.error);
  }
  out.bytes(field, packed);
}

/// None when it is unknown.
void put(ProtoWriter& out, int field, const Coordinate& coordinate) {
  put(out, field, std::span(&coordinate, coordinate.known() ? 1 : 0));
}

void put(ProtoWriter& out, int field, const LeafSetState& state) {
  using Info = v1::LeafSetState;
  out.message(field, [&] {
    out.varint(Info::kActiveFieldNumber, state.active ? 1 : 0);
    put(out, Info::kLeavesFieldNumber, state.leaves);
    const std::size_t count = std::min(state.failed.size(), kMaxDeparted);
    for (std::size_t i = 0; i < count; ++i) {
      out.message(Info::kFailedFieldNumber, [&] {
        put_id(out, v1::Departed::kIdFieldNumber, state.failed[i].id);
        out.varint(v1::Departed::kIncarnationFieldNumber, state.failed[i].incarnation);
      });
    }
  });
}

/// Writes each kind of message in the order of its fields; an application's body goes to `body`.
struct Encoder {
  ProtoWriter out;
  Payload& body;

  void operator()(Direct& m) {
    out.message(Schema::kDirectFieldNumber,
                [&] { out.bytes(v1::Direct::kHeaderFieldNumber, m.message.header); });
    body = std::move(m.message.body);
  }
  void operator()(Hop& m) {
    using Info = v1::Hop;
    out.message(Schema::kHopFieldNumber, [&] {
      out.fixed64(Info::kLifeFieldNumber, m.life);
      out.varint(Info::kHopFieldNumber, m.hop);
      out.varint(Info::kSettledFieldNumber, m.settled);
      put_id(out, Info::kKeyFieldNumber, m.key);
      write_contact(out, Info::kOriginFieldNumber, m.origin);
      out.varint(Info::kHopsFieldNumber, m.hops);
      if (const auto* join = std::get_if<JoinRequest>(&m.cargo)) {
        out.message(Info::kJoinFieldNumber, [&] {
          out.fixed64(v1::JoinRequest::kAttemptFieldNumber, join->attempt);
          put(out, v1::JoinRequest::kRowsFieldNumber, join->rows);
          put(out, v1::JoinRequest::kCoordinatesFieldNumber, std::span(join->coordinates));
          put(out, v1::JoinRequest::kCoordinateFieldNumber, join->coordinate);
        });
        return;
      }
      auto& message = std::get<AppMessage>(m.cargo);
      out.present_bytes(Info::kHeaderFieldNumber, message.header);
      body = std::move(message.body);
    });
  }
  void operator()(HopAck& m) {
    out.message(Schema::kHopAckFieldNumber, [&] {
      out.fixed64(v1::HopAck::kLifeFieldNumber, m.life);
      out.varint(v1::HopAck::kHopFieldNumber, m.hop);
    });
  }
  void operator()(Probe& m) {
    out.message(Schema::kProbeFieldNumber, [&] {
      out.fixed64(v1::Probe::kNonceFieldNumber, m.nonce);
      put(out, v1::Probe::kStateFieldNumber, m.state);
    });
  }
  void operator()(ProbeReply& m) {
    out.message(Schema::kProbeReplyFieldNumber, [&] {
      out.fixed64(v1::ProbeReply::kNonceFieldNumber, m.nonce);
      put(out, v1::ProbeReply::kStateFieldNumber, m.state);
      put(out, v1::ProbeReply::kOccupantNanosecondsFieldNumber, m.occupant);
      put(out, v1::ProbeReply::kCoordinateFieldNumber, m.coordinate);
    });
  }
  void operator()(Heartbeat& m) {
    out.message(Schema::kHeartbeatFieldNumber,
                [&] { out.varint(v1::Heartbeat::kActiveFieldNumber, m.active ? 1 : 0); });
  }
  void operator()(Ping& m) {
    out.message(Schema::kPingFieldNumber, [&] {
      out.fixed64(v1::NodePing::kNonceFieldNumber, m.nonce);
      out.varint(v1::NodePing::kMemberFieldNumber, m.member ? 1 : 0);
    });
  }
  void operator()(Pong& m) {
    out.message(Schema::kPongFieldNumber, [&] {
      out.fixed64(v1::NodePong::kNonceFieldNumber, m.nonce);
      out.varint(v1::NodePong::kMemberFieldNumber, m.member ? 1 : 0);
      put(out, v1::NodePong::kOccupantNanosecondsFieldNumber, m.occupant);
      put(out, v1::NodePong::kCoordinateFieldNumber, m.coordinate);
    });
  }
  void operator()(Measured& m) {
    out.message(Schema::kMeasuredFieldNumber, [&] {
      put(out, v1::Measured::kNanosecondsFieldNumber, m.round_trip);
      put(out, v1::Measured::kCoordinateFieldNumber, m.coordinate);
    });
  }
  void operator()(Ask& m) {
    using Info = v1::NodeAsk;
    out.message(Schema::kAskFieldNumber, [&] {
      out.fixed64(Info::kNonceFieldNumber, m.nonce);
      if (const auto* row = std::get_if<AskRow>(&m.what)) {
        out.present_varint(Info::kRowFieldNumber, row->row);
      } else if (const auto* closest = std::get_if<AskClosest>(&m.what)) {
        put_id(out, Info::kClosestFieldNumber, closest->to);
      } else {
        out.present_varint(Info::kLeavesFieldNumber, 1);
      }
      put(out, Info::kCoordinateFieldNumber, m.coordinate);
    });
  }
  void operator()(Answer& m) {
    using Info = v1::NodeAnswer;
    out.message(Schema::kAnswerFieldNumber, [&] {
      out.fixed64(Info::kNonceFieldNumber, m.nonce);
      out.varint(Info::kActiveFieldNumber, m.active ? 1 : 0);
      out.varint(Info::kRowsFieldNumber, m.rows);
      put(out, Info::kContactsFieldNumber, m.contacts);
      put(out, Info::kRoundTripsFieldNumber, m.round_trips);
      put(out, Info::kCoordinatesFieldNumber, std::span(m.coordinates));
    });
  }
  void operator()(JoinAccepted& m) {
    using Info = v1::JoinAccepted;
    out.message(Schema::kJoinAcceptedFieldNumber, [&] {
      out.fixed64(Info::kAttemptFieldNumber, m.attempt);
      put(out, Info::kLeavesFieldNumber, m.leaves);
      put(out, Info::kRowsFieldNumber, m.rows);
      put(out, Info::kCoordinatesFieldNumber, std::span(m.coordinates));
    });
  }
  void operator()(JoinRefused& m) {
    using Info = v1::JoinRefused;
    const auto reason =
        m.reason == JoinRefused::Reason::kIdTaken ? Info::ID_TAKEN : Info::KNOWN_IN_LATER_LIFE;
    out.message(Schema::kJoinRefusedFieldNumber, [&] {
      out.fixed64(Info::kAttemptFieldNumber, m.attempt);
      out.varint(Info::kReasonFieldNumber, reason);
      out.varint(Info::kIncarnationFieldNumber, m.incarnation);
      if (m.holder) write_contact(out, Info::kHolderFieldNumber, *m.holder);
    });
  }
  void operator()(Leaving& m) {
    out.message(Schema::kLeavingFieldNumber,
                [&] { put(out, v1::Leaving::kLeavesFieldNumber, m.leaves); });
  }
  void operator()(Superseded& m) {
    out.message(Schema::kSupersededFieldNumber, [&] {
      write_contact(out, v1::Superseded::kHolderFieldNumber, m.holder);
      out.varint(v1::Superseded::kActiveFieldNumber, m.active ? 1 : 0);
    });
  }
};

/// About how long the bytes get, for kinds that outgrow a string's own buffer.
struct Room {
  template <class Small>
  std::size_t operator()(const Small&) const {
    return 0;
  }
  std::size_t operator()(const Direct& m) const { return kFixedPart + m.message.header.size(); }
  std::size_t operator()(const Hop& m) const {
    const auto* join = std::get_if<JoinRequest>(&m.cargo);
    return kFixedPart + kUsualContact +
           (join ? of(join->rows) : std::get<AppMessage>(m.cargo).header.size());
  }
  std::size_t operator()(const Probe& m) const { return kFixedPart + of(m.state.leaves); }
  std::size_t operator()(const ProbeReply& m) const { return kFixedPart + of(m.state.leaves); }
  std::size_t operator()(const Answer& m) const {
    return kFixedPart + of(m.contacts) + sizeof(std::uint32_t) * m.round_trips.size() +
           sizeof(Coordinate) * m.coordinates.size();
  }
  std::size_t operator()(const JoinAccepted& m) const {
    return kFixedPart + of(m.leaves) + of(m.rows);
  }
  static std::size_t of(const std::vector<Contact>& contacts) {
    return kUsualContact * std::min(contacts.size(), kMaxContacts);
  }
};

}  // namespace

Wire encode(Message message, RingScope ring) {
  Wire wire;
  wire.header.reserve(std::visit(Room{}, message));
  std::visit(Encoder{ProtoWriter(wire.header), wire.body}, message);
  static_assert(static_cast<int>(RingScope::kHome) == v1::HOME);
  ProtoWriter(wire.header).varint(Schema::kRingFieldNumber, static_cast<std::uint64_t>(ring));
  seal(wire.header, wire.body);
  return wire;
}

}  // namespace phyllo::overlay
