#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace phyllo {

/// Several short messages of one connection in one frame: what a frame costs beside its bytes
/// (threads that are woken, system calls, places in queues) is paid once for all of them. Nothing
/// waits for an envelope to become full. A zero byte, which no protobuf message begins with, then
/// for each message the length of its header and of its body as LEB128, the header and the body,
/// and at the end the checksum of all that, least significant byte first. Each header keeps its
/// seal. An empty body is none.
struct Envelope {
  /// Larger messages travel on their own.
  static constexpr std::size_t kLargestMessage = 2048;
  /// Of one envelope, whoever writes it.
  static constexpr std::size_t kBytes = 64 * 1024;
  static constexpr std::size_t kMessages = 1024;

  static bool is(std::string_view frame) { return !frame.empty() && frame.front() == '\0'; }
  static bool takes(std::size_t header_size, std::size_t body_size) {
    return header_size > 0 && header_size + body_size <= kLargestMessage;
  }
};

/// Builds one envelope after the other.
class EnvelopeWriter {
 public:
  /// False: take() first. The message is one that `Envelope::takes`.
  bool fits(std::size_t header_size, std::size_t body_size) const;
  void add(std::string_view header, std::string_view body);
  bool empty() const { return count_ == 0; }
  std::size_t size() const { return bytes_.size(); }
  std::string take();

 private:
  std::string bytes_;
  std::size_t count_ = 0;
};

/// Reads the messages of a frame that `Envelope::is` one, in order; none of one that was altered on
/// its way. The views live as long as the frame's bytes.
class EnvelopeReader {
 public:
  explicit EnvelopeReader(std::string_view frame);
  /// False at the end, or at the first bytes that no writer would have written.
  bool next(std::string_view& header, std::string_view& body);
  /// Altered, or nothing that a writer would have written.
  bool malformed() const { return malformed_; }

 private:
  std::string_view rest_;
  std::size_t count_ = 0;
  bool malformed_;
};

}  // namespace phyllo
