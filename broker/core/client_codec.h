#pragma once

#include "base/result.h"
#include "broker/core/client_messages.h"
#include "overlay/wire.h"

namespace phyllo::broker::client {

/// The bytes of a frame (proto/phyllo/v1/client.proto); a batch's body is shared, not copied.
overlay::Wire encode_client_frame(const ClientFrame& frame);
overlay::Wire encode_broker_frame(const BrokerFrame& frame);

/// kMalformed, with what is wrong, for anything that the encoder of the same name would not have
/// written. Topic names are not checked here: a wrong one has a friendlier answer than a closed
/// connection.
Result<ClientFrame> decode_client_frame(const overlay::Wire& wire);
Result<BrokerFrame> decode_broker_frame(const overlay::Wire& wire);

}  // namespace phyllo::broker::client
