#pragma once

#include <cstdint>
#include <variant>

#include "overlay/contact.h"
#include "overlay/wire.h"

namespace phyllo::overlay {

/// An application's message to this very node.
struct Direct {
  AppMessage message;
};

/// One hop of a message toward a key.
struct Hop {
  std::uint64_t hop = 0;  ///< names this hop between these two nodes
  Key key;
  Contact origin;
  std::uint32_t hops = 0;  ///< links crossed, this one included
  AppMessage message;
};
struct HopAck {
  std::uint64_t hop = 0;
};

using Message = std::variant<Direct, Hop, HopAck>;

}  // namespace phyllo::overlay
