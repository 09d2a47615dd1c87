#pragma once

#include <span>
#include <string>
#include <string_view>

namespace phyllo::broker {

/// The one of `known` that somebody who wrote `text` most likely meant; empty when none is near:
/// more than a third of its letters wrong (two neighbours swapped count as one).
std::string nearest_key(std::string_view text, std::span<const std::string> known);

}  // namespace phyllo::broker
