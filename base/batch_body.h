#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/payload.h"
#include "base/result.h"

namespace phyllo {

/// The body of a batch: consecutive messages of one publisher on one topic, each a LEB128 length
/// followed by its bytes. Encoded once by the publishing SDK, forwarded by reference, read by the
/// subscribing SDK. A broker walks it only to check it at the edge where it enters.
class BatchBodyWriter {
 public:
  void append(std::string_view message);
  std::uint32_t count() const { return count_; }
  std::size_t size() const { return bytes_.size(); }
  bool empty() const { return count_ == 0; }
  /// The body, with its checksum; the writer is empty afterwards and can be used again.
  Payload take();

  /// Bytes that `append` of a message of this size adds.
  static std::size_t encoded_size(std::size_t message_size);

 private:
  std::string bytes_;
  std::uint32_t count_ = 0;
};

/// Reads the messages of a body in order. The views live as long as the body's bytes.
class BatchBodyReader {
 public:
  explicit BatchBodyReader(std::string_view body) : rest_(body) {}
  /// The next message into `message`; false at the end or at the first malformed byte.
  bool next(std::string_view& message);
  /// True when reading stopped at bytes that are not a message.
  bool malformed() const { return malformed_; }

 private:
  std::string_view rest_;
  bool malformed_ = false;
};

/// kMalformed unless `body` holds exactly `count` messages, none over `max_message` bytes
/// (kTooLarge), and nothing else.
Outcome check_batch_body(std::string_view body, std::uint32_t count, std::size_t max_message);

}  // namespace phyllo
