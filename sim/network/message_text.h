#pragma once

#include <string>

#include "overlay/messages.h"
#include "overlay/node.h"

namespace phyllo::sim {

/// One line for a person who looks for a mistake.
std::string describe(const overlay::Message& message);
std::string describe_wire(const overlay::Wire& wire);
/// The same where regions have rings of their own.
std::string describe_wire_of_regions(const overlay::Wire& wire);
std::string describe(const overlay::Node& node);

}  // namespace phyllo::sim
