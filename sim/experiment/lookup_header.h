#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "overlay/coordinate.h"
#include "overlay/id.h"

namespace phyllo::sim {

/// What the message of a lookup brings along, so that each node knows no more of it than that.
struct LookupHeader {
  std::size_t number = 0;
  /// Where its sender stands; unknown where nobody needs it.
  overlay::Coordinate sender;
  bool chosen = false;  ///< a replica chose the one it goes to
  /// Who of those it met is closest to its key; nobody where that does not matter.
  std::optional<overlay::NodeId> closest;

  std::string text() const;
  /// nullopt for any other text.
  static std::optional<LookupHeader> parse(std::string_view text);
};

}  // namespace phyllo::sim
