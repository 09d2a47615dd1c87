#pragma once

#include "base/result.h"
#include "broker/core/client_messages.h"
#include "overlay/wire.h"

namespace phyllo::broker::client {

/// The bytes of a frame (proto/phyllo/v1/client.proto) with their seal (base/seal.h); a batch's
/// body is shared, not copied.
overlay::Wire encode_client_frame(const ClientFrame& frame);
overlay::Wire encode_broker_frame(const BrokerFrame& frame);

/// kAltered for what is not as it was sent; kMalformed, with what is wrong, for anything else that
/// the encoder of the same name would not have written. A body remembers its checksum. Topic names
/// are not checked here: a wrong one has a friendlier answer than a closed connection.
Result<ClientFrame> decode_client_frame(overlay::Wire wire);
Result<BrokerFrame> decode_broker_frame(overlay::Wire wire);

}  // namespace phyllo::broker::client
