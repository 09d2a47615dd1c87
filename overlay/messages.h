#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "base/time.h"
#include "overlay/contact.h"
#include "overlay/coordinate.h"
#include "overlay/wire.h"

namespace phyllo::overlay {

/// Lists in messages are cut to these lengths by the sender; a longer one is malformed.
inline constexpr std::size_t kMaxContacts = 512;
inline constexpr std::size_t kMaxDeparted = 256;

/// An application's message to this very node.
struct Direct {
  AppMessage message;
  bool operator==(const Direct&) const = default;
};

/// The origin of the hop wants to enter the ring; routed to its own id.
struct JoinRequest {
  std::uint64_t attempt =
      0;  ///< drawn anew for each attempt: tells a retransmission from a restart
  std::vector<Contact> rows;              ///< routing-table entries gathered on the way
  std::vector<Coordinate> coordinates{};  ///< theirs, or none at all
  Coordinate coordinate{};                ///< the joiner's
  bool operator==(const JoinRequest&) const = default;
};

/// One hop of a message toward a key.
struct Hop {
  std::uint64_t life = 0;     ///< drawn by the sender when it started; hop numbers count within it
  std::uint64_t hop = 0;      ///< names this hop
  std::uint64_t settled = 0;  ///< no hop to this receiver below this number is sent again
  Key key;
  Contact origin;
  std::uint32_t hops = 0;  ///< links crossed, this one included
  std::variant<AppMessage, JoinRequest> cargo;
  bool operator==(const Hop&) const = default;
};
struct HopAck {
  std::uint64_t life = 0;
  std::uint64_t hop = 0;
  bool operator==(const HopAck&) const = default;
};

/// The root lets the joiner in: it becomes active once all these leaves have answered its probes.
struct JoinAccepted {
  std::uint64_t attempt = 0;
  std::vector<Contact> leaves;
  std::vector<Contact> rows;
  std::vector<Coordinate> coordinates{};  ///< theirs, or none at all
  bool operator==(const JoinAccepted&) const = default;
};
struct JoinRefused {
  enum class Reason { kKnownInLaterLife, kIdTaken };
  std::uint64_t attempt = 0;
  Reason reason = Reason::kKnownInLaterLife;
  Incarnation incarnation = 0;    ///< the last one known
  std::optional<Contact> holder;  ///< with kIdTaken: who has the id
  bool operator==(const JoinRefused&) const = default;
};

/// A node that did not answer its probes, in one of its lives.
struct Departed {
  NodeId id;
  Incarnation incarnation = 0;
  auto operator<=>(const Departed&) const = default;
};

/// The nonce of a probe that tells something and asks nothing.
inline constexpr std::uint64_t kNoAnswerWanted = 0;

/// What a node believes of its surroundings; goes with every leaf-set probe and its answer. One
/// that is not active yet passes on what it was told of its leaves.
struct LeafSetState {
  bool active = false;
  std::vector<Contact> leaves;
  std::vector<Departed> failed;
  bool operator==(const LeafSetState&) const = default;
};
struct Probe {
  std::uint64_t nonce = 0;  ///< kNoAnswerWanted: tells only; who is said to be gone answers still
  LeafSetState state;
  bool operator==(const Probe&) const = default;
};
struct ProbeReply {
  std::uint64_t nonce = 0;
  LeafSetState state;
  Duration occupant{};      ///< as in Pong
  Coordinate coordinate{};  ///< the sender's
  bool operator==(const ProbeReply&) const = default;
};

/// To the left neighbour, when nothing else was sent to it for a while.
struct Heartbeat {
  bool active = false;
  bool operator==(const Heartbeat&) const = default;
};

/// Are you there, and how far away? For routing-table entries, and between strangers.
struct Ping {
  std::uint64_t nonce = 0;
  bool member = false;
  bool operator==(const Ping&) const = default;
};
/// Also the answer to a Probe by a node that is not, or not any more, in the ring.
struct Pong {
  std::uint64_t nonce = 0;
  bool member = false;
  /// The proximity of whom the sender's table holds where the receiver belongs: only who is as near
  /// need tell. Zero: nobody, or not measured; a nanosecond: the way to the receiver is known.
  Duration occupant{};
  Coordinate coordinate{};  ///< the sender's
  bool operator==(const Pong&) const = default;
};
/// The round trip that the sender measured to the receiver, so that both know it from one probe.
struct Measured {
  Duration round_trip{};
  Coordinate coordinate{};  ///< the sender's
  bool operator==(const Measured&) const = default;
};

struct AskLeaves {
  bool operator==(const AskLeaves&) const = default;
};
struct AskRow {
  std::uint32_t row = 0;
  bool operator==(const AskRow&) const = default;
};
/// The known nodes closest to a position, on either side of it.
struct AskClosest {
  NodeId to;
  bool operator==(const AskClosest&) const = default;
};
struct Ask {
  std::uint64_t nonce = 0;
  std::variant<AskLeaves, AskRow, AskClosest> what;
  Coordinate coordinate{};  ///< the asker's
  bool operator==(const Ask&) const = default;
};
struct Answer {
  std::uint64_t nonce = 0;
  bool active = false;
  std::uint32_t rows = 0;  ///< rows of the sender's table, down to the last one with an entry
  std::vector<Contact> contacts;
  /// The sender's to each of the contacts, zero where it did not measure; or none at all.
  std::vector<Duration> round_trips;
  std::vector<Coordinate> coordinates{};  ///< likewise
  Duration round_trip(std::size_t contact) const {
    return contact < round_trips.size() ? round_trips[contact] : Duration::zero();
  }
  bool operator==(const Answer&) const = default;
};

/// Goodbye; the sender's leaves may take its place.
struct Leaving {
  std::vector<Contact> leaves;
  bool operator==(const Leaving&) const = default;
};

/// Somebody else holds the receiver's id, or a later life of the receiver is known.
struct Superseded {
  Contact holder;
  bool active = false;  ///< whether the holder is, as far as the sender knows
  bool operator==(const Superseded&) const = default;
};

using Message = std::variant<Direct, Hop, HopAck, Probe, ProbeReply, Heartbeat, Ping, Pong,
                             Measured, Ask, Answer, JoinAccepted, JoinRefused, Leaving, Superseded>;

/// Where regions are configured, a broker has a node in each of two rings.
enum class RingScope : std::uint8_t {
  kGlobal,  ///< all brokers; the only ring where no regions are configured
  kHome,    ///< the brokers of one region
};

struct RingMessage {
  RingScope ring = RingScope::kGlobal;
  Message message;
};

}  // namespace phyllo::overlay
