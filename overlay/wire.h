#pragma once

#include <string>

#include "base/payload.h"

namespace phyllo::overlay {

/// One message between two brokers as it crosses the network: a small encoded header and, where
/// there is one, a body that no broker on the way looks into or copies.
struct Wire {
  std::string header;
  Payload body;
  std::size_t size() const { return header.size() + body.size(); }
  bool operator==(const Wire&) const = default;
};

/// What a layer above hands the overlay to carry: the header is that layer's own encoding.
using AppMessage = Wire;

}  // namespace phyllo::overlay
