#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace phyllo::cli {

/// The one of `known` that was most likely meant by `typed`: few typing errors away (a letter
/// missing, added, wrong, or swapped with its neighbour), or a longer word that begins with it.
std::optional<std::string> nearest(std::string_view typed, std::span<const std::string> known);

}  // namespace phyllo::cli
