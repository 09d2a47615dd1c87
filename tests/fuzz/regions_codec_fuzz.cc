// Messages between regions that may be anything: decoded without a crash, and what is understood is
// written so that it is understood again.

#include <google/protobuf/stubs/logging.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/check.h"
#include "regions/codec.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace phyllo;
  [[maybe_unused]] static const auto kQuiet = google::protobuf::SetLogHandler(nullptr);
  // The first byte says how much of the rest is the body.
  if (size == 0) return 0;
  const std::string rest(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::size_t body = std::min<std::size_t>(data[0], rest.size());
  const overlay::AppMessage wire{rest.substr(body), Payload::from(rest.substr(0, body))};
  const auto message = regions::decode(wire);
  if (message.ok()) PHYLLO_CHECK(regions::decode(regions::encode(*message)).ok());
  return 0;
}
