#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

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
  /// Where fewer than wanted took it: regions with subscribers that could not be asked. Nobody
  /// there has received it.
  std::vector<std::string> unreached = {};
  /// There may be other such regions: which there are could not be learnt. Nobody there has
  /// received it, either.
  bool regions_unknown = false;
};

using CastHandler = std::function<void(const StatusOr<CastOutcome>&)>;

}  // namespace phyllo
