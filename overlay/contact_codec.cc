#include "overlay/contact_codec.h"

#include <optional>

#include "overlay/proto_reader.h"
#include "phyllo/v1/overlay.pb.h"

namespace phyllo::overlay {
namespace {

using Info = v1::ContactInfo;

Error malformed(const char* what) { return {ErrorCode::kMalformed, what}; }

/// What is wrong with a contact but for its place, or nullptr.
const char* problem(const std::optional<NodeId>& id, Incarnation incarnation) {
  if (!id) return "a node id is not 16 bytes long";
  if (incarnation > kMaxIncarnation) return "an incarnation is out of range";
  return nullptr;
}

/// A contact whose place is known and whose fields come in the order in which they are written
/// here: nearly every one. nullopt for any other.
std::optional<Contact> read_known_contact(std::string_view bytes, const Places& places) {
  ProtoReader in(bytes);
  if (!in.next() || in.tag() != ProtoReader::bytes(Info::kIdFieldNumber)) return std::nullopt;
  const auto id = NodeId::from_bytes(in.bytes());
  Incarnation incarnation = 0;
  if (in.at(ProtoReader::varint(Info::kIncarnationFieldNumber)) && in.next()) {
    incarnation = in.number();
  }
  if (problem(id, incarnation)) return std::nullopt;
  auto place = places.find(in.rest());
  if (!place) return std::nullopt;
  return Contact::at(std::move(place), *id, incarnation);
}

}  // namespace

void encode(const Contact& contact, Info& out) {
  out.set_id(contact.id().bytes());
  out.set_incarnation(contact.incarnation());
  out.set_region(contact.region());
  out.set_local_endpoint(contact.place().local.text());
  out.set_wan_endpoint(contact.place().wan.text());
}

Result<Contact> decode(const Info& info) {
  const auto id = NodeId::from_bytes(info.id());
  if (const char* what = problem(id, info.incarnation())) return malformed(what);
  auto place = PlaceText{info.region(), info.local_endpoint(), info.wan_endpoint()}.parse();
  if (!place.ok()) return place.error();
  return Contact(*id, info.incarnation(), *std::move(place));
}

void write_contact(ProtoWriter& out, int field, const Contact& contact) {
  out.message(field, [&] {
    const auto id = contact.id().raw_bytes();
    out.bytes(Info::kIdFieldNumber, {id.data(), id.size()});
    out.varint(Info::kIncarnationFieldNumber, contact.incarnation());
    out.fields(contact.known_place()->wire());
  });
}

Result<Contact> read_contact(std::string_view bytes, Places& places) {
  if (auto contact = read_known_contact(bytes, places)) return *std::move(contact);
  std::optional<NodeId> id;
  Incarnation incarnation = 0;
  PlaceText place;
  ProtoReader in(bytes);
  while (in.next()) {
    switch (in.tag()) {
      case ProtoReader::bytes(Info::kIdFieldNumber):
        id = NodeId::from_bytes(in.bytes());
        break;
      case ProtoReader::varint(Info::kIncarnationFieldNumber):
        incarnation = in.number();
        break;
      case ProtoReader::bytes(Info::kRegionFieldNumber):
        place.region = in.bytes();
        break;
      case ProtoReader::bytes(Info::kLocalEndpointFieldNumber):
        place.local = in.bytes();
        break;
      case ProtoReader::bytes(Info::kWanEndpointFieldNumber):
        place.wan = in.bytes();
        break;
      default:
        break;
    }
  }
  if (in.malformed()) return malformed("a contact's bytes are no message");
  if (const char* what = problem(id, incarnation)) return malformed(what);
  auto known = places.of(place);
  if (!known.ok()) return known.error();
  return Contact::at(*std::move(known), *id, incarnation);
}

}  // namespace phyllo::overlay
