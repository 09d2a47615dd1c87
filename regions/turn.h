#pragma once

#include "multicast/turn.h"
#include "regions/codec.h"
#include "regions/effects.h"

namespace phyllo::regions {

/// One call into the borders.
using Turn = multicast::TurnOf<Message, Effect>;

}  // namespace phyllo::regions
