#include "overlay/coordinate.h"

#include <cmath>

namespace phyllo::overlay {

Duration predicted(const Coordinate& one, const Coordinate& other) {
  if (!one.known() || !other.known()) return Duration::zero();
  double square = 0;
  for (std::size_t i = 0; i < Coordinate::kDimensions; ++i) {
    const double along = static_cast<double>(one.at[i]) - static_cast<double>(other.at[i]);
    square += along * along;
  }
  const double heights = static_cast<double>(one.height) + static_cast<double>(other.height);
  return Duration(1 + static_cast<Duration::rep>(1000 * (std::sqrt(square) + heights)));
}

}  // namespace phyllo::overlay
