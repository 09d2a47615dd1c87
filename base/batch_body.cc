#include "base/batch_body.h"

namespace phyllo {
namespace {

constexpr unsigned char kContinue = 0x80;

void append_length(std::string& out, std::size_t length) {
  while (length >= kContinue) {
    out.push_back(static_cast<char>(length | kContinue));
    length >>= 7;
  }
  out.push_back(static_cast<char>(length));
}

/// Reads a canonical LEB128 length of at most 32 bits.
bool read_length(std::string_view& rest, std::uint64_t& length) {
  length = 0;
  for (unsigned shift = 0; shift < 35 && !rest.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(rest.front());
    rest.remove_prefix(1);
    length |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
    if ((byte & kContinue) == 0) {
      const bool padded = byte == 0 && shift > 0;
      return !padded && length <= 0xffffffffu;
    }
  }
  return false;
}

}  // namespace

void BatchBodyWriter::append(std::string_view message) {
  append_length(bytes_, message.size());
  bytes_.append(message);
  ++count_;
}

Payload BatchBodyWriter::take() {
  count_ = 0;
  Payload body = Payload::from(std::move(bytes_)).summed();
  bytes_ = {};
  return body;
}

std::size_t BatchBodyWriter::encoded_size(std::size_t message_size) {
  std::size_t prefix = 1;
  for (std::size_t rest = message_size; rest >= kContinue; rest >>= 7) ++prefix;
  return prefix + message_size;
}

bool BatchBodyReader::next(std::string_view& message) {
  if (rest_.empty() || malformed_) return false;
  std::uint64_t length = 0;
  if (!read_length(rest_, length) || length > rest_.size()) {
    malformed_ = true;
    return false;
  }
  message = rest_.substr(0, length);
  rest_.remove_prefix(length);
  return true;
}

Outcome check_batch_body(std::string_view body, std::uint32_t count, std::size_t max_message) {
  BatchBodyReader reader(body);
  std::string_view message;
  std::uint32_t found = 0;
  while (reader.next(message)) {
    if (message.size() > max_message) {
      return Error{ErrorCode::kTooLarge, "a message of " + std::to_string(message.size()) +
                                             " bytes exceeds the limit of " +
                                             std::to_string(max_message)};
    }
    ++found;
  }
  if (reader.malformed()) return Error{ErrorCode::kMalformed, "the batch body is truncated"};
  if (found != count) {
    return Error{ErrorCode::kMalformed, "the batch announces " + std::to_string(count) +
                                            " messages and holds " + std::to_string(found)};
  }
  return Done{};
}

}  // namespace phyllo
