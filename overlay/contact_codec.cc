#include "overlay/contact_codec.h"

#include "phyllo/v1/overlay.pb.h"

namespace phyllo::overlay {
namespace {

constexpr std::size_t kMaxRegionBytes = 64;

Result<Endpoint> decode_endpoint(const std::string& text) {
  if (text.empty()) return Endpoint();
  auto endpoint = Endpoint::parse(text);
  if (!endpoint.ok()) return Error{ErrorCode::kMalformed, endpoint.error().message};
  return endpoint;
}

}  // namespace

void encode(const Contact& contact, v1::ContactInfo& out) {
  out.set_id(contact.id().bytes());
  out.set_incarnation(contact.incarnation());
  out.set_region(contact.region());
  out.set_local_endpoint(contact.place().local.text());
  out.set_wan_endpoint(contact.place().wan.text());
}

Result<Contact> decode(const v1::ContactInfo& info) {
  const auto id = NodeId::from_bytes(info.id());
  if (!id) return Error{ErrorCode::kMalformed, "a node id is not 16 bytes long"};
  if (info.region().size() > kMaxRegionBytes) {
    return Error{ErrorCode::kMalformed, "a region's name is longer than 64 bytes"};
  }
  if (info.incarnation() > kMaxIncarnation) {
    return Error{ErrorCode::kMalformed, "an incarnation is out of range"};
  }
  auto local = decode_endpoint(info.local_endpoint());
  if (!local.ok()) return local.error();
  auto wan = decode_endpoint(info.wan_endpoint());
  if (!wan.ok()) return wan.error();
  return Contact(*id, info.incarnation(), Place{info.region(), *std::move(local), *std::move(wan)});
}

}  // namespace phyllo::overlay
