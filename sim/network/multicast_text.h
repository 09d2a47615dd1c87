#pragma once

#include <string>

#include "overlay/wire.h"

namespace phyllo::sim {

/// One line about what a layer above sent by the overlay: a message of the multicast layer, or how
/// many bytes of something else.
std::string describe_app(const overlay::AppMessage& message);

}  // namespace phyllo::sim
