#pragma once

#include "base/result.h"
#include "overlay/messages.h"

namespace phyllo::overlay {

/// The bytes of a message (proto/phyllo/v1/overlay.proto); an application's body is shared, not
/// copied.
Wire encode(Message message);

/// kMalformed, with what is wrong, for anything that `encode` would not have written.
Result<Message> decode(Wire wire);

}  // namespace phyllo::overlay
