// Overlay messages come from other brokers. What decodes, as it is or with a seal of its own, is
// encoded and decoded again to the same.

#include <google/protobuf/stubs/logging.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/check.h"
#include "base/seal.h"
#include "overlay/codec.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace phyllo;
  [[maybe_unused]] static const auto kQuiet = google::protobuf::SetLogHandler(nullptr);
  // The first byte says how many bytes at the end are the body.
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  const std::size_t body = size == 0 ? 0 : std::min<std::size_t>(data[0], size - 1);
  const overlay::Wire wire{bytes.substr(size == 0 ? 0 : 1, size == 0 ? 0 : size - 1 - body),
                           Payload::from(bytes.substr(size - body))};
  overlay::Wire sealed = wire;
  seal(sealed.header, sealed.body);
  for (const overlay::Wire& one : {wire, sealed}) {
    overlay::Places places;
    const auto read = overlay::decode_of_any_ring(one, places);
    if (!read.ok()) continue;
    const auto again =
        overlay::decode_of_any_ring(overlay::encode(read->message, read->ring), places);
    PHYLLO_CHECK(again.ok() && again->ring == read->ring && again->message == read->message);
  }
  return 0;
}
