#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"
#include "overlay/transport/frames.h"

namespace phyllo::overlay::transport {

/// The bytes of a frame (proto/phyllo/v1/peer.proto) and, but for a Message, its seal.
std::string encode(const Frame& frame);

/// kMalformed, with what is wrong, for bytes that no version of `encode` would have written;
/// kAltered for those that are not as they were sent. Texts are cut to a length fit for a log.
Result<Frame> decode(std::string_view bytes);

/// `encode(Message{header})` without a copy in between: the size, and the bytes written to `out`,
/// which has room for them. Headers are the data path.
std::size_t message_frame_size(std::string_view header);
void write_message_frame(std::string_view header, char* out);

}  // namespace phyllo::overlay::transport
