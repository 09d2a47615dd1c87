#pragma once

#include <cstddef>
#include <zmq.hpp>

#include "base/time.h"
#include "overlay/endpoint.h"

namespace phyllo::overlay::transport {

/// What every socket that talks to other machines has in common: a bound on the size of a frame and
/// on a stalled handshake, and keep-alives that find out about hosts that vanished.
void set_common_options(zmq::socket_t& socket, std::size_t frame_bytes);

/// ZeroMQ's unit.
int to_milliseconds(Duration duration);

/// Whether the host is an IPv6 address. A name is looked up as IPv4: ZeroMQ would otherwise prefer
/// an IPv6 address and never try the other.
bool is_ipv6(const Endpoint& endpoint);

/// The next frame, without waiting; false when there is none.
bool receive_now(zmq::socket_t& socket, zmq::message_t& frame);

/// Whether more frames of the same message follow a sent one.
enum class Part { kMore, kLast };

/// What became of a frame that was to be sent without waiting.
enum class Posted { kYes, kNoRoom, kNobody };
Posted send_now(zmq::socket_t& socket, zmq::message_t frame, Part part);

}  // namespace phyllo::overlay::transport
