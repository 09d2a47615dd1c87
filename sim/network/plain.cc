#include "sim/network/plain.h"

#include <cmath>
#include <cstdint>

namespace phyllo::sim {

Duration Plain::between(Position a, Position b) const {
  const double dx = a.x - b.x;
  const double dy = a.y - b.y;
  const double way = std::sqrt(dx * dx + dy * dy) * static_cast<double>(across.count());
  return base + Duration(static_cast<std::int64_t>(way));
}

void PlainModel::add_station(const StationPlace& place, Random& random) {
  positions_.push_back(place.position ? *place.position : Position::random(random));
}

}  // namespace phyllo::sim
