#pragma once

#include "base/result.h"
#include "multicast/messages.h"
#include "overlay/wire.h"

namespace phyllo::multicast {

/// The bytes of a message (proto/phyllo/v1/multicast.proto); a batch's body is shared, not copied.
overlay::AppMessage encode(const Message& message);

/// kMalformed, with what is wrong, for anything that `encode` would not have written: every list is
/// bounded, every number range is one that cannot overflow.
Result<Message> decode(overlay::AppMessage wire);

}  // namespace phyllo::multicast
