#pragma once

#include "base/result.h"
#include "overlay/wire.h"
#include "regions/messages.h"

namespace phyllo::regions {

/// The bytes of a message (proto/phyllo/v1/regions.proto); a batch's body is shared, not copied.
overlay::AppMessage encode(const Message& message);

/// kMalformed, with what is wrong, for anything that `encode` would not have written.
Result<Message> decode(overlay::AppMessage wire);

}  // namespace phyllo::regions
