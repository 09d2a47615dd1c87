#pragma once

#include "base/result.h"
#include "overlay/endpoint.h"

namespace phyllo::broker {

/// Makes way for a socket at an `ipc://` endpoint: ZeroMQ would silently delete whatever is there.
/// A socket that nobody answers was left behind by a crash and is removed; kUnavailable when
/// somebody listens there, or when it is not a socket at all. Does nothing for other endpoints.
Outcome claim_ipc_path(const overlay::Endpoint& endpoint);

/// Lets only this user and group connect to the socket just bound there.
Outcome restrict_ipc_path(const overlay::Endpoint& endpoint);

}  // namespace phyllo::broker
