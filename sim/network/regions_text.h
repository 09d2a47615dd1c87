#pragma once

#include <string>

#include "overlay/wire.h"

namespace phyllo::sim {

/// One line about a message between regions, or how many bytes of something else.
std::string describe_between_regions(const overlay::AppMessage& message);

}  // namespace phyllo::sim
