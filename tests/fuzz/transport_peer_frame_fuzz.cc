// Whatever a stranger sends as a peer's frame, as it is or with a seal of its own, decodes or is an
// error, and what decodes says the same when it is written and read again.

#include <google/protobuf/stubs/logging.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "base/seal.h"
#include "overlay/transport/handshake.h"
#include "overlay/transport/peer_codec.h"

namespace {

using namespace phyllo::overlay;

Contact someone() { return Contact(NodeId(7), 1, Place{"region", {}, {}}); }

void read(std::string_view bytes) {
  const auto frame = transport::decode(bytes);
  if (!frame) return;
  if (const auto* hello = std::get_if<transport::Hello>(&*frame)) {
    static_cast<void>(transport::answer(*hello, "phyllo", someone()));
    // A text cut in the middle of a character does not survive.
    if (hello->cluster.size() >= 256) return;
  }
  if (std::holds_alternative<transport::Refusal>(*frame) ||
      std::holds_alternative<transport::Bye>(*frame)) {
    return;
  }
  const std::string again = transport::encode(*frame);
  const auto reread = transport::decode(again);
  PHYLLO_CHECK(reread.ok());
  PHYLLO_CHECK(transport::encode(*reread) == again);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  [[maybe_unused]] static const auto kQuiet = google::protobuf::SetLogHandler(nullptr);
  std::string bytes(reinterpret_cast<const char*>(data), size);
  read(bytes);
  phyllo::seal(bytes, {});
  read(bytes);
  return 0;
}
