#pragma once

#include <cstddef>
#include <string>

#include "base/result.h"
#include "base/time.h"

/// The limits of what can be asked of an experiment. Each check names the parameter that is wrong.
namespace phyllo::sim {

inline constexpr std::size_t kMaxNodes = 4'000'000;
inline constexpr std::size_t kMaxLookups = 100'000'000;

Error impossible(std::string text);
Outcome within(const std::string& what, std::size_t value, std::size_t least, std::size_t most);
/// A part of something, neither nothing nor all of it.
Outcome share(const std::string& what, double value);
/// A probability below 1.
Outcome chance(const std::string& what, double value);
Outcome longer_than_nothing(const std::string& what, Duration value);
/// As `overlay::NodeConfig::leaf_set_size` demands.
Outcome leaf_set(const std::string& what, std::size_t value);

}  // namespace phyllo::sim
