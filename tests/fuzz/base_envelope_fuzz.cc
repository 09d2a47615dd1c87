// An envelope comes from another process. What the reader accepts, the writer writes byte for byte;
// with a checksum of its own, so that more than the checksum is tried.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "base/checksum.h"
#include "base/envelope.h"

namespace {

void read(const std::string& frame) {
  phyllo::EnvelopeReader reader(frame);
  phyllo::EnvelopeWriter writer;
  for (std::string_view header, body; reader.next(header, body);) writer.add(header, body);
  if (!reader.malformed()) PHYLLO_CHECK(writer.take() == frame);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string frame(reinterpret_cast<const char*>(data), size);
  read(frame);
  frame.insert(0, 1, '\0');
  const phyllo::Checksum sum = phyllo::checksum(frame, 0);
  for (int at = 0; at < 8; ++at) frame.push_back(static_cast<char>(sum >> (8 * at)));
  read(frame);
  return 0;
}
