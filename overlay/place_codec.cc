#include "overlay/known_place.h"

#include <utility>

#include "overlay/proto_writer.h"
#include "phyllo/v1/overlay.pb.h"

namespace phyllo::overlay {

KnownPlace::KnownPlace(Place place)
    : wire_(wire_of(place.region, place.local.text(), place.wan.text())),
      place_(std::move(place)) {}

std::string wire_of(std::string_view region, std::string_view local, std::string_view wan) {
  using Info = v1::ContactInfo;
  std::string bytes;
  ProtoWriter out(bytes);
  out.bytes(Info::kRegionFieldNumber, region);
  out.bytes(Info::kLocalEndpointFieldNumber, local);
  out.bytes(Info::kWanEndpointFieldNumber, wan);
  return bytes;
}

}  // namespace phyllo::overlay
