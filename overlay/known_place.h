#pragma once

#include <string>
#include <string_view>

#include "overlay/endpoint.h"

namespace phyllo::overlay {

/// Where a node can be reached.
struct Place {
  std::string region;
  Endpoint local;  ///< used by peers of the same region
  Endpoint wan;    ///< used by everybody else
  bool operator==(const Place&) const = default;
};

/// A place beside its bytes on the wire, so that they are written once and not with every contact
/// that is told of it. Two of the same place have the same bytes.
class KnownPlace {
 public:
  explicit KnownPlace(Place place);
  /// `wire` is what `wire_of` says of it.
  KnownPlace(std::string wire, Place place) : wire_(std::move(wire)), place_(std::move(place)) {}

  const Place& place() const { return place_; }
  /// Its fields of a ContactInfo, as the codec writes them.
  std::string_view wire() const { return wire_; }

 private:
  std::string wire_;  // first: whoever has touched the reference count has it at hand
  Place place_;
};

/// Those fields of these texts, whether they name a place or not.
std::string wire_of(std::string_view region, std::string_view local, std::string_view wan);

}  // namespace phyllo::overlay
