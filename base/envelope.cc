#include "base/envelope.h"

#include <cstdint>
#include <utility>

#include "base/check.h"
#include "base/checksum.h"

namespace phyllo {
namespace {

constexpr unsigned char kContinue = 0x80;
constexpr unsigned kBitsPerByte = 7;
/// Lengths up to kLargestMessage.
constexpr std::size_t kLengthBytes = 2;
static_assert(Envelope::kLargestMessage < 1u << (kLengthBytes * kBitsPerByte));

void append_length(std::string& out, std::size_t length) {
  if (length >= kContinue) {
    out.push_back(static_cast<char>(length | kContinue));
    length >>= kBitsPerByte;
  }
  out.push_back(static_cast<char>(length));
}

bool read_length(std::string_view& rest, std::size_t& length) {
  length = 0;
  for (unsigned at = 0; at < kLengthBytes && !rest.empty(); ++at) {
    const auto byte = static_cast<unsigned char>(rest.front());
    rest.remove_prefix(1);
    length |= static_cast<std::size_t>(byte & ~kContinue) << (at * kBitsPerByte);
    if ((byte & kContinue) == 0) return byte != 0 || at == 0;
  }
  return false;
}

constexpr std::size_t kChecksumBytes = 8;
constexpr unsigned kByteBits = 8;
/// Beside the messages: the first byte and the checksum.
constexpr std::size_t kFrameBytes = 1 + kChecksumBytes;

bool sound(std::string_view frame) {
  if (!Envelope::is(frame) || frame.size() < kFrameBytes || frame.size() > Envelope::kBytes) {
    return false;
  }
  const std::string_view end = frame.substr(frame.size() - kChecksumBytes);
  Checksum sum = 0;
  for (unsigned at = 0; at < kChecksumBytes; ++at) {
    sum |= static_cast<Checksum>(static_cast<unsigned char>(end[at])) << (at * kByteBits);
  }
  return checksum(frame.substr(0, frame.size() - kChecksumBytes), 0) == sum;
}

}  // namespace

bool EnvelopeWriter::fits(std::size_t header_size, std::size_t body_size) const {
  return count_ < Envelope::kMessages &&
         bytes_.size() + header_size + body_size + 2 * kLengthBytes + kFrameBytes <=
             Envelope::kBytes;
}

void EnvelopeWriter::add(std::string_view header, std::string_view body) {
  PHYLLO_CHECK(Envelope::takes(header.size(), body.size()) && fits(header.size(), body.size()));
  if (count_ == 0) bytes_.push_back('\0');
  append_length(bytes_, header.size());
  append_length(bytes_, body.size());
  bytes_.append(header);
  bytes_.append(body);
  ++count_;
}

std::string EnvelopeWriter::take() {
  const Checksum sum = checksum(bytes_, 0);
  for (unsigned at = 0; at < kChecksumBytes; ++at) {
    bytes_.push_back(static_cast<char>(sum >> (at * kByteBits)));
  }
  count_ = 0;
  return std::exchange(bytes_, {});
}

EnvelopeReader::EnvelopeReader(std::string_view frame) : rest_(frame), malformed_(!sound(frame)) {
  if (malformed_) return;
  rest_.remove_prefix(1);
  rest_.remove_suffix(kChecksumBytes);
}

bool EnvelopeReader::next(std::string_view& header, std::string_view& body) {
  if (malformed_ || (rest_.empty() && count_ > 0)) return false;
  std::size_t header_size = 0;
  std::size_t body_size = 0;
  malformed_ = count_ == Envelope::kMessages || !read_length(rest_, header_size) ||
               !read_length(rest_, body_size) || !Envelope::takes(header_size, body_size) ||
               header_size + body_size > rest_.size();
  if (malformed_) return false;
  header = rest_.substr(0, header_size);
  body = rest_.substr(header_size, body_size);
  rest_.remove_prefix(header_size + body_size);
  ++count_;
  return true;
}

}  // namespace phyllo
