#pragma once

#include <string>
#include <variant>

#include "overlay/contact.h"
#include "overlay/transport/frames.h"

namespace phyllo::overlay::transport {

/// Codes of a Refusal.
inline constexpr const char* kRefusedMagic = "magic";
inline constexpr const char* kRefusedVersion = "version";
inline constexpr const char* kRefusedCluster = "cluster";
inline constexpr const char* kRefusedWrongNode = "wrong_node";
inline constexpr const char* kRefusedHelloFirst = "hello_first";
inline constexpr const char* kRefusedMalformed = "malformed";

/// Whether asking again soon may have another answer.
enum class Hope { kSome, kNone };
Hope hope_after(const Refusal& refusal);

/// The answer of broker `self` of `cluster` to a hello.
std::variant<Welcome, Refusal> answer(const Hello& hello, const std::string& cluster,
                                      const Contact& self);

/// "same address, new identity": whoever answers is not `expected`.
Refusal wrong_node(NodeId expected, NodeId found);

}  // namespace phyllo::overlay::transport
