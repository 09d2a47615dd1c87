// Whatever a stranger sends as a peer's frame decodes or is an error, and what decodes says the
// same when it is written and read again.

#include <google/protobuf/stubs/logging.h>

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "overlay/transport/handshake.h"
#include "overlay/transport/peer_codec.h"

namespace {

using namespace phyllo::overlay;

Contact someone() { return Contact(NodeId(7), 1, Place{"region", {}, {}}); }

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  [[maybe_unused]] static const auto kQuiet = google::protobuf::SetLogHandler(nullptr);
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto frame = transport::decode(bytes);
  if (!frame) return 0;
  if (const auto* hello = std::get_if<transport::Hello>(&*frame)) {
    static_cast<void>(transport::answer(*hello, "phyllo", someone()));
    // A text cut in the middle of a character does not survive.
    if (hello->cluster.size() >= 256) return 0;
  }
  if (std::holds_alternative<transport::Refusal>(*frame) ||
      std::holds_alternative<transport::Bye>(*frame)) {
    return 0;
  }
  const std::string again = transport::encode(*frame);
  const auto reread = transport::decode(again);
  PHYLLO_CHECK(reread.ok());
  PHYLLO_CHECK(transport::encode(*reread) == again);
  return 0;
}
