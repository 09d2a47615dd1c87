#pragma once

#include <cstdint>
#include <functional>

#include "phyllo/status.h"

namespace phyllo {

/// What became of an anycast or manycast.
struct CastOutcome {
  /// Subscribers whose client has received the message: at most as many as were wanted, fewer when
  /// no more took it, maybe none.
  std::uint32_t taken = 0;
  /// False: a broker was lost that knew more. Besides `taken`, some may have received it and not
  /// been heard of.
  bool complete = false;
};

using CastHandler = std::function<void(const StatusOr<CastOutcome>&)>;

}  // namespace phyllo
