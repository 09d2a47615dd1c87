#include "overlay/transport/handshake.h"

#include <algorithm>

namespace phyllo::overlay::transport {
namespace {

std::string range(std::uint32_t low, std::uint32_t high) {
  if (low == high) return std::to_string(low);
  return std::to_string(low) + " to " + std::to_string(high);
}

}  // namespace

std::variant<Welcome, Refusal> answer(const Hello& hello, const std::string& cluster,
                                      const Contact& self) {
  if (hello.magic != kMagic) return Refusal{kRefusedMagic, "this port is for Phyllo brokers"};
  if (hello.min_version > kMaxVersion || hello.max_version < kMinVersion) {
    return Refusal{kRefusedVersion, "version " + range(hello.min_version, hello.max_version) +
                                        " offered, " + range(kMinVersion, kMaxVersion) +
                                        " spoken here"};
  }
  if (hello.cluster != cluster) {
    return Refusal{kRefusedCluster,
                   "this is cluster '" + cluster + "', not '" + hello.cluster + "'"};
  }
  if (!hello.sender) return Refusal{kRefusedMalformed, "the hello does not say who is speaking"};
  if (hello.receiver && *hello.receiver != self.id()) return wrong_node(*hello.receiver, self.id());
  return Welcome{std::min(hello.max_version, kMaxVersion), self};
}

Hope hope_after(const Refusal& refusal) {
  const bool settled = refusal.code == kRefusedCluster || refusal.code == kRefusedVersion ||
                       refusal.code == kRefusedMagic;
  return settled ? Hope::kNone : Hope::kSome;
}

Refusal wrong_node(NodeId expected, NodeId found) {
  return Refusal{kRefusedWrongNode, "node " + found.hex() + " is here now, not " + expected.hex()};
}

}  // namespace phyllo::overlay::transport
