#include "overlay/codec.h"

#include <string>
#include <utility>

#include "overlay/contact_codec.h"
#include "phyllo/v1/overlay.pb.h"

namespace phyllo::overlay {
namespace {

using Schema = v1::OverlayMessage;

// --- out ---

void put(const std::vector<Contact>& contacts,
         google::protobuf::RepeatedPtrField<v1::ContactInfo>& out) {
  for (const Contact& contact : contacts) {
    if (out.size() == static_cast<int>(kMaxContacts)) return;
    encode(contact, *out.Add());
  }
}

void put(const LeafSetState& state, v1::LeafSetState& out) {
  out.set_active(state.active);
  put(state.leaves, *out.mutable_leaves());
  for (const Departed& departed : state.failed) {
    if (out.failed_size() == static_cast<int>(kMaxDeparted)) return;
    auto& entry = *out.add_failed();
    entry.set_id(departed.id.bytes());
    entry.set_incarnation(departed.incarnation);
  }
}

/// Writes each kind of message into the schema; an application's body goes to `body`.
struct Encoder {
  Schema& out;
  Payload& body;

  void operator()(Direct& m) {
    out.mutable_direct()->set_header(std::move(m.message.header));
    body = std::move(m.message.body);
  }
  void operator()(Hop& m) {
    auto& hop = *out.mutable_hop();
    hop.set_life(m.life);
    hop.set_hop(m.hop);
    hop.set_settled(m.settled);
    hop.set_key(m.key.bytes());
    encode(m.origin, *hop.mutable_origin());
    hop.set_hops(m.hops);
    if (auto* join = std::get_if<JoinRequest>(&m.cargo)) {
      hop.mutable_join()->set_attempt(join->attempt);
      put(join->rows, *hop.mutable_join()->mutable_rows());
      return;
    }
    auto& message = std::get<AppMessage>(m.cargo);
    hop.set_header(std::move(message.header));
    body = std::move(message.body);
  }
  void operator()(HopAck& m) {
    out.mutable_hop_ack()->set_life(m.life);
    out.mutable_hop_ack()->set_hop(m.hop);
  }
  void operator()(Probe& m) {
    out.mutable_probe()->set_nonce(m.nonce);
    put(m.state, *out.mutable_probe()->mutable_state());
  }
  void operator()(ProbeReply& m) {
    out.mutable_probe_reply()->set_nonce(m.nonce);
    put(m.state, *out.mutable_probe_reply()->mutable_state());
  }
  void operator()(Heartbeat& m) { out.mutable_heartbeat()->set_active(m.active); }
  void operator()(Ping& m) {
    out.mutable_ping()->set_nonce(m.nonce);
    out.mutable_ping()->set_member(m.member);
  }
  void operator()(Pong& m) {
    out.mutable_pong()->set_nonce(m.nonce);
    out.mutable_pong()->set_member(m.member);
  }
  void operator()(Measured& m) {
    out.mutable_measured()->set_nanoseconds(static_cast<std::uint64_t>(m.round_trip.count()));
  }
  void operator()(Ask& m) {
    auto& ask = *out.mutable_ask();
    ask.set_nonce(m.nonce);
    if (const auto* row = std::get_if<AskRow>(&m.what)) {
      ask.set_row(row->row);
    } else if (const auto* closest = std::get_if<AskClosest>(&m.what)) {
      ask.set_closest(closest->to.bytes());
    } else {
      ask.set_leaves(true);
    }
  }
  void operator()(Answer& m) {
    auto& answer = *out.mutable_answer();
    answer.set_nonce(m.nonce);
    answer.set_active(m.active);
    answer.set_rows(m.rows);
    put(m.contacts, *answer.mutable_contacts());
  }
  void operator()(JoinAccepted& m) {
    auto& accepted = *out.mutable_join_accepted();
    accepted.set_attempt(m.attempt);
    put(m.leaves, *accepted.mutable_leaves());
    put(m.rows, *accepted.mutable_rows());
  }
  void operator()(JoinRefused& m) {
    auto& refused = *out.mutable_join_refused();
    refused.set_attempt(m.attempt);
    refused.set_reason(m.reason == JoinRefused::Reason::kIdTaken
                           ? v1::JoinRefused::ID_TAKEN
                           : v1::JoinRefused::KNOWN_IN_LATER_LIFE);
    refused.set_incarnation(m.incarnation);
    if (m.holder) encode(*m.holder, *refused.mutable_holder());
  }
  void operator()(Leaving& m) { put(m.leaves, *out.mutable_leaving()->mutable_leaves()); }
  void operator()(Superseded& m) {
    encode(m.holder, *out.mutable_superseded()->mutable_holder());
    out.mutable_superseded()->set_active(m.active);
  }
};

// --- in ---

Error malformed(const char* what) { return Error{ErrorCode::kMalformed, what}; }

Result<std::vector<Contact>> get(
    const google::protobuf::RepeatedPtrField<v1::ContactInfo>& contacts) {
  if (contacts.size() > static_cast<int>(kMaxContacts)) return malformed("a list is too long");
  std::vector<Contact> list;
  list.reserve(static_cast<std::size_t>(contacts.size()));
  for (const auto& info : contacts) {
    auto contact = decode(info);
    if (!contact.ok()) return contact.error();
    list.push_back(*std::move(contact));
  }
  return list;
}

Result<LeafSetState> get(const v1::LeafSetState& state) {
  LeafSetState result;
  result.active = state.active();
  auto leaves = get(state.leaves());
  if (!leaves.ok()) return leaves.error();
  result.leaves = *std::move(leaves);
  if (state.failed_size() > static_cast<int>(kMaxDeparted)) return malformed("a list is too long");
  for (const auto& departed : state.failed()) {
    const auto id = NodeId::from_bytes(departed.id());
    if (!id) return malformed("a node id is not 16 bytes long");
    result.failed.push_back({*id, departed.incarnation()});
  }
  return result;
}

Result<Message> get(v1::Hop& m, Payload body) {
  const auto key = Key::from_bytes(m.key());
  if (!key) return malformed("a key is not 16 bytes long");
  auto origin = decode(m.origin());
  if (!origin.ok()) return origin.error();
  Hop hop{m.life(), m.hop(), m.settled(), *key, *std::move(origin), m.hops(), AppMessage{}};
  switch (m.cargo_case()) {
    case v1::Hop::kHeader:
      hop.cargo = AppMessage{std::move(*m.mutable_header()), std::move(body)};
      return Message(std::move(hop));
    case v1::Hop::kJoin: {
      auto rows = get(m.join().rows());
      if (!rows.ok()) return rows.error();
      hop.cargo = JoinRequest{m.join().attempt(), *std::move(rows)};
      return Message(std::move(hop));
    }
    case v1::Hop::CARGO_NOT_SET:
      break;
  }
  return malformed("a hop carries nothing");
}

template <class Kind, class Info>
Result<Message> get_probe(const Info& m) {
  auto state = get(m.state());
  if (!state.ok()) return state.error();
  return Message(Kind{m.nonce(), *std::move(state)});
}

Result<Message> get(const v1::Measured& m) {
  constexpr std::uint64_t kHour = 3'600'000'000'000;
  if (m.nanoseconds() > kHour) return malformed("a round trip is longer than an hour");
  return Message(Measured{Duration(static_cast<Duration::rep>(m.nanoseconds()))});
}

Result<Message> get(const v1::NodeAsk& m) {
  switch (m.what_case()) {
    case v1::NodeAsk::kLeaves:
      return Message(Ask{m.nonce(), AskLeaves{}});
    case v1::NodeAsk::kRow:
      if (m.row() >= static_cast<std::uint32_t>(kDigits)) return malformed("there is no such row");
      return Message(Ask{m.nonce(), AskRow{m.row()}});
    case v1::NodeAsk::kClosest: {
      const auto id = NodeId::from_bytes(m.closest());
      if (!id) return malformed("a node id is not 16 bytes long");
      return Message(Ask{m.nonce(), AskClosest{*id}});
    }
    case v1::NodeAsk::WHAT_NOT_SET:
      break;
  }
  return malformed("a question asks nothing");
}

Result<Message> get(const v1::NodeAnswer& m) {
  if (m.rows() > static_cast<std::uint32_t>(kDigits)) return malformed("too many rows");
  auto contacts = get(m.contacts());
  if (!contacts.ok()) return contacts.error();
  return Message(Answer{m.nonce(), m.active(), m.rows(), *std::move(contacts)});
}

Result<Message> get(const v1::JoinAccepted& m) {
  auto leaves = get(m.leaves());
  if (!leaves.ok()) return leaves.error();
  auto rows = get(m.rows());
  if (!rows.ok()) return rows.error();
  return Message(JoinAccepted{m.attempt(), *std::move(leaves), *std::move(rows)});
}

Result<Message> get(const v1::JoinRefused& m) {
  JoinRefused refused{m.attempt(), JoinRefused::Reason::kKnownInLaterLife, m.incarnation(), {}};
  if (m.reason() == v1::JoinRefused::ID_TAKEN) {
    refused.reason = JoinRefused::Reason::kIdTaken;
  } else if (m.reason() != v1::JoinRefused::KNOWN_IN_LATER_LIFE) {
    return malformed("a refusal gives no reason");
  }
  if (m.incarnation() > kMaxIncarnation) return malformed("an incarnation is out of range");
  if (m.has_holder()) {
    auto holder = decode(m.holder());
    if (!holder.ok()) return holder.error();
    refused.holder = *std::move(holder);
  }
  return Message(std::move(refused));
}

Result<Message> get(const v1::Leaving& m) {
  auto leaves = get(m.leaves());
  if (!leaves.ok()) return leaves.error();
  return Message(Leaving{*std::move(leaves)});
}

Result<Message> get(const v1::Superseded& m) {
  auto holder = decode(m.holder());
  if (!holder.ok()) return holder.error();
  return Message(Superseded{*std::move(holder), m.active()});
}

bool carries_body(const Schema& m) {
  return m.has_direct() || (m.has_hop() && m.hop().cargo_case() == v1::Hop::kHeader);
}

}  // namespace

Wire encode(Message message) {
  Schema out;
  Wire wire;
  std::visit(Encoder{out, wire.body}, message);
  out.SerializeToString(&wire.header);
  return wire;
}

Result<Message> decode(Wire wire) {
  Schema m;
  if (!m.ParseFromString(wire.header)) return malformed("the bytes are no overlay message");
  if (!wire.body.empty() && !carries_body(m)) return malformed("a body where none belongs");
  switch (m.kind_case()) {
    case Schema::kDirect:
      return Message(Direct{
          AppMessage{std::move(*m.mutable_direct()->mutable_header()), std::move(wire.body)}});
    case Schema::kHop:
      return get(*m.mutable_hop(), std::move(wire.body));
    case Schema::kHopAck:
      return Message(HopAck{m.hop_ack().life(), m.hop_ack().hop()});
    case Schema::kProbe:
      return get_probe<Probe>(m.probe());
    case Schema::kProbeReply:
      return get_probe<ProbeReply>(m.probe_reply());
    case Schema::kHeartbeat:
      return Message(Heartbeat{m.heartbeat().active()});
    case Schema::kPing:
      return Message(Ping{m.ping().nonce(), m.ping().member()});
    case Schema::kPong:
      return Message(Pong{m.pong().nonce(), m.pong().member()});
    case Schema::kMeasured:
      return get(m.measured());
    case Schema::kAsk:
      return get(m.ask());
    case Schema::kAnswer:
      return get(m.answer());
    case Schema::kJoinAccepted:
      return get(m.join_accepted());
    case Schema::kJoinRefused:
      return get(m.join_refused());
    case Schema::kLeaving:
      return get(m.leaving());
    case Schema::kSuperseded:
      return get(m.superseded());
    case Schema::KIND_NOT_SET:
      break;
  }
  return malformed("a message of no kind");
}

}  // namespace phyllo::overlay
