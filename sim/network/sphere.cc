#include "sim/network/sphere.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace phyllo::sim {

void SphereModel::add_station(const StationPlace& place, Random& random) {
  const Position position = place.position ? *place.position : Position::random(random);
  const double longitude = 2 * std::numbers::pi * position.x;
  const double height = std::clamp(2 * position.y - 1, -1.0, 1.0);
  const double radius = std::sqrt(1 - height * height);
  directions_.push_back({radius * std::cos(longitude), radius * std::sin(longitude), height});
}

Duration SphereModel::delay(StationId from, StationId to) const {
  const Direction& a = directions_[from];
  const Direction& b = directions_[to];
  const double cosine = std::clamp(a.x * b.x + a.y * b.y + a.z * b.z, -1.0, 1.0);
  const double way = std::acos(cosine) / std::numbers::pi;
  return globe_.base + Duration(static_cast<Duration::rep>(
                           way * static_cast<double>(globe_.half_way_round.count())));
}

}  // namespace phyllo::sim
