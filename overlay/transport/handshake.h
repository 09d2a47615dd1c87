#pragma once

#include <string>
#include <variant>

#include "overlay/contact.h"
#include "overlay/transport/frames.h"

namespace phyllo::overlay::transport {

/// Whether asking again soon may have another answer.
enum class Hope { kSome, kNone };
Hope hope_after(const Refusal& refusal);

/// The answer of broker `self` of `cluster` to a hello.
std::variant<Welcome, Refusal> answer(const Hello& hello, const std::string& cluster,
                                      const Contact& self);

/// "same address, new identity": whoever answers is not `expected`.
Refusal wrong_node(NodeId expected, NodeId found);

}  // namespace phyllo::overlay::transport
