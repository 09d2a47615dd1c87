#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <string>
#include <zmq.hpp>

#include "base/payload.h"

namespace phyllo::overlay::transport {

/// How many bytes were handed to a connection and are not yet with the kernel. ZeroMQ's own limits
/// count messages; ours count bytes, and this is how: ZeroMQ's thread takes them off.
struct SendLedger {
  std::atomic<std::size_t> bytes{0};
};

/// A frame that shares the payload's bytes instead of copying them.
zmq::message_t frame_of(const Payload& payload);

/// The same; enters `bytes` into the ledger until ZeroMQ is done with the frame.
zmq::message_t frame_of(const Payload& payload, std::shared_ptr<SendLedger> ledger,
                        std::size_t bytes);
/// The same for a text of the caller's own.
zmq::message_t frame_of(std::string text, std::shared_ptr<SendLedger> ledger, std::size_t bytes);

/// The frame's bytes, taken over without copying. Small ones are copied: they would keep alive the
/// whole receive buffer they lie in.
Payload payload_of(zmq::message_t frame);

}  // namespace phyllo::overlay::transport
