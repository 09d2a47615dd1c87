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

/// How a host is looked up. ZeroMQ takes one address and never tries another, so that a name is to
/// be tried in both ways, one after the other.
enum class Family { kIPv4, kIPv6 };
/// Of an address, or the first one to try of a name.
Family family_of(const Endpoint& endpoint);
Family other(Family family);
/// Whether the host is a name and not an address.
bool has_name(const Endpoint& endpoint);
void set_family(zmq::socket_t& socket, Family family);

/// The next frame, without waiting; false when there is none.
bool receive_now(zmq::socket_t& socket, zmq::message_t& frame);

/// Whether more frames of the same message follow a sent one.
enum class Part { kMore, kLast };

/// What became of a frame that was to be sent without waiting.
enum class Posted { kYes, kNoRoom, kNobody };
Posted send_now(zmq::socket_t& socket, zmq::message_t frame, Part part);

}  // namespace phyllo::overlay::transport
