#pragma once

#include "base/result.h"
#include "overlay/messages.h"
#include "overlay/places.h"

namespace phyllo::overlay {

/// The bytes of a message (proto/phyllo/v1/overlay.proto); an application's body is shared, not
/// copied.
Wire encode(Message message);

/// kMalformed, with what is wrong, for anything that `encode` would not have written. The contacts
/// share the places that are in `places` already, or put theirs there.
Result<Message> decode(Wire wire, Places& places);
/// For a single message.
Result<Message> decode(Wire wire);

}  // namespace phyllo::overlay
