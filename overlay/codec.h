#pragma once

#include "base/result.h"
#include "overlay/messages.h"
#include "overlay/places.h"

namespace phyllo::overlay {

/// The bytes of a message (proto/phyllo/v1/overlay.proto) with their seal (base/seal.h); an
/// application's body is shared, not copied.
Wire encode(Message message, RingScope ring = RingScope::kGlobal);

/// kAltered for what is not as it was sent, kMalformed, with what is wrong, for anything else that
/// `encode` would not have written. A body remembers its checksum. The contacts share the places
/// that are in `places` already, or put theirs there.
Result<Message> decode(Wire wire, Places& places);
/// The same where messages of more than one ring come in; `decode` takes those of the global one
/// only.
Result<RingMessage> decode_of_any_ring(Wire wire, Places& places);
/// For a single message.
Result<Message> decode(Wire wire);

}  // namespace phyllo::overlay
