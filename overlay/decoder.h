#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "overlay/messages.h"
#include "overlay/places.h"
#include "overlay/proto_reader.h"

namespace phyllo::overlay {

/// Reads one message and collects the first thing that is wrong with it.
class Decoder {
 public:
  Decoder(Payload& body, Places& places) : body_(body), places_(places) {}

  Result<RingMessage> message(std::string_view header);

 private:
  void fail(std::string what) {
    if (!problem_) problem_ = std::move(what);
  }
  void require(bool condition, const char* what) {
    if (!condition) fail(what);
  }
  /// Calls `take` for each field until something is wrong.
  template <class Take>
  void each_field(std::string_view message, Take&& take) {
    ProtoReader in(message);
    while (!problem_ && in.next()) take(in);
    require(!in.malformed(), "the bytes are no overlay message");
  }

  void contact(std::string_view text, std::optional<Contact>& out);
  void add_contact(const ProtoReader& in, std::vector<Contact>& out);
  /// What a missing contact is wrong about.
  Contact given(std::optional<Contact> contact) {
    require(contact.has_value(), "a node id is not 16 bytes long");
    return contact ? *std::move(contact) : Contact(NodeId(), 0, Place());
  }
  NodeId id(std::string_view text) {
    const auto id = NodeId::from_bytes(text);
    require(id.has_value(), "a node id is not 16 bytes long");
    return id.value_or(NodeId());
  }

  std::optional<Message> kind(const ProtoReader& in);
  Message direct(std::string_view m);
  Message hop(std::string_view m);
  JoinRequest join(std::string_view m);
  Message hop_ack(std::string_view m);
  LeafSetState state(std::string_view m);
  Departed departed(std::string_view m);
  template <class Kind, class Info>
  Message probe(std::string_view m);
  Message heartbeat(std::string_view m);
  template <class Kind, class Info>
  Message ping(std::string_view m);
  Message measured(std::string_view m);
  template <class Kind, class Info>
  void occupant(const ProtoReader& in, Kind& out);
  Duration round_trip(std::uint64_t nanoseconds);
  std::vector<Duration> round_trips(std::string_view packed);
  std::uint32_t word(std::string_view packed, std::size_t at);
  std::vector<Coordinate> coordinates(std::string_view packed);
  Coordinate coordinate(std::string_view packed);
  /// Or none at all.
  void require_as_many(const std::vector<Coordinate>& all, const std::vector<Contact>& contacts);
  Message ask(std::string_view m);
  Message answer(std::string_view m);
  Message accepted(std::string_view m);
  Message refused(std::string_view m);
  Message leaving(std::string_view m);
  Message superseded(std::string_view m);

  Payload& body_;
  Places& places_;
  bool carries_body_ = false;
  std::optional<std::string> problem_;
};

}  // namespace phyllo::overlay
