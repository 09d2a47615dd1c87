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
inline constexpr std::uint32_t kMinVersion = 1;
inline constexpr std::uint32_t kMaxVersion = 1;

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
/// The overlay's header; the body, if any, is the next frame.
struct Message {
  std::string header;
};

using Frame = std::variant<Hello, Welcome, Refusal, Bye, Message>;

}  // namespace phyllo::overlay::transport
