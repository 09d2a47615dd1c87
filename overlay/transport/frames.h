#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "overlay/contact.h"

namespace phyllo::overlay::transport {

inline constexpr std::string_view kMagic = "PHYLLO";
/// The versions of the peer protocol that this build speaks.
inline constexpr std::uint32_t kMinVersion = 3;
inline constexpr std::uint32_t kMaxVersion = 3;

/// Codes of a Refusal.
inline constexpr const char* kRefusedMagic = "magic";
inline constexpr const char* kRefusedVersion = "version";
inline constexpr const char* kRefusedCluster = "cluster";
inline constexpr const char* kRefusedWrongNode = "wrong_node";
inline constexpr const char* kRefusedHelloFirst = "hello_first";
inline constexpr const char* kRefusedMalformed = "malformed";
inline constexpr const char* kRefusedAltered = "altered";

/// What crosses a link, as proto/phyllo/v1/peer.proto describes it.
struct Hello {
  std::string magic{kMagic};
  std::uint32_t min_version = kMinVersion;
  std::uint32_t max_version = kMaxVersion;
  std::string cluster;
  std::optional<Contact> sender;   ///< missing only in a hello of another version
  std::optional<NodeId> receiver;  ///< nullopt: whoever is there
};
struct Welcome {
  std::uint32_t version = kMaxVersion;
  Contact receiver;
};
/// Why one broker will not talk to another; `code` is for programs, `message` for people.
struct Refusal {
  std::string code;
  std::string message;
};
struct Bye {
  std::string reason;
};
/// The overlay's header, which has a seal of its own; the body, if any, is the next frame.
struct Message {
  std::string header;
};

using Frame = std::variant<Hello, Welcome, Refusal, Bye, Message>;

}  // namespace phyllo::overlay::transport
