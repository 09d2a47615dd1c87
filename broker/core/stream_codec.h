#pragma once

#include "multicast/stream.h"

namespace phyllo::v1 {
class Stay;
class StreamRef;
}  // namespace phyllo::v1

namespace phyllo::broker::client {

/// How frames of both directions name a stream.
void write_stream(const multicast::StreamId& stream, v1::StreamRef& out);
/// False when the bytes are no stream's.
bool read_stream(const v1::StreamRef& in, multicast::StreamId& stream);
void write_stay(const multicast::Stay& stay, v1::Stay& out);
/// False when there cannot be such a stay.
bool read_stay(const v1::Stay& in, multicast::Stay& stay);

}  // namespace phyllo::broker::client
