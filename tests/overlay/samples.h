#pragma once

#include <rapidcheck.h>

#include <cstdint>
#include <string>

#include "overlay/contact.h"

/// Ids and contacts for tests of the overlay's parts.
namespace phyllo::overlay {

inline Endpoint endpoint(const std::string& text) { return Endpoint::parse(text).value(); }

/// A node on a host of its own, in a region without a name.
inline Contact contact_of(NodeId id, Incarnation incarnation = 0) {
  const std::string port = std::to_string(static_cast<std::uint64_t>(id.value()) % 65536);
  const std::string host = id.hex().substr(0, 12);
  return Contact(id, incarnation,
                 {"", endpoint("tcp://" + host + ":" + port), endpoint("tcp://w" + host + ":1")});
}
/// An id that begins with these bits, e.g. at(0x42) = 42000…
inline NodeId at(std::uint8_t first_byte, std::uint64_t rest = 0) {
  return NodeId(Uint128{first_byte} << 120 | rest);
}
inline Contact contact_at(std::uint8_t first_byte, Incarnation incarnation = 0) {
  return contact_of(at(first_byte), incarnation);
}

/// Ids from all over the ring, and often from a few crowded places, where ties and wrap-around
/// live.
inline Uint128 any_position() {
  const std::uint64_t low = *rc::gen::arbitrary<std::uint64_t>();
  switch (*rc::gen::inRange(0, 4)) {
    case 0:
      return Uint128{low % 8};
    case 1:
      return ~Uint128{0} - low % 8;
    case 2:
      return (Uint128{1} << 127) + low % 8;
    default:
      return Uint128{*rc::gen::arbitrary<std::uint64_t>()} << 64 | low;
  }
}
inline NodeId any_id() { return NodeId(any_position()); }
inline Key any_key() { return Key(any_position()); }

}  // namespace phyllo::overlay
