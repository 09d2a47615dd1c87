#include "sim/network/weather.h"

#include <cmath>
#include <cstdint>

namespace phyllo::sim {

Duration Plain::between(Position a, Position b) const {
  const double way = std::hypot(a.x - b.x, a.y - b.y) * static_cast<double>(across.count());
  return base + Duration(static_cast<std::int64_t>(way));
}

}  // namespace phyllo::sim
