// Whatever a program or a broker may send as a frame of the client protocol, as it is or with a
// seal of its own, decodes or is an error, and what decodes says the same when it is written and
// read again.
//
// Input: two bytes with the length of the header frame, least significant first; that frame; the
// body frame.

#include <google/protobuf/stubs/logging.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/check.h"
#include "base/seal.h"
#include "broker/core/client_codec.h"

namespace {

using namespace phyllo::broker::client;
using phyllo::Payload;
using phyllo::overlay::Wire;

Wire wire_of(const std::string& bytes) {
  if (bytes.size() < 2) return {};
  const std::size_t length =
      static_cast<std::uint8_t>(bytes[0]) + 256u * static_cast<std::uint8_t>(bytes[1]);
  const std::string rest = bytes.substr(2);
  const std::size_t header = std::min(length, rest.size());
  return {rest.substr(0, header), Payload::from(rest.substr(header))};
}

void read(const Wire& wire) {
  if (const auto frame = decode_client_frame(wire)) {
    const Wire again = encode_client_frame(*frame);
    const auto reread = decode_client_frame(again);
    PHYLLO_CHECK(reread.ok());
    PHYLLO_CHECK(encode_client_frame(*reread) == again);
  }
  if (const auto frame = decode_broker_frame(wire)) {
    const Wire again = encode_broker_frame(*frame);
    const auto reread = decode_broker_frame(again);
    PHYLLO_CHECK(reread.ok());
    PHYLLO_CHECK(encode_broker_frame(*reread) == again);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  [[maybe_unused]] static const auto kQuiet = google::protobuf::SetLogHandler(nullptr);
  Wire wire = wire_of({data, data + size});
  read(wire);
  phyllo::seal(wire.header, wire.body);
  read(wire);
  return 0;
}
