#include "sim/experiment/plane.h"

#include "sim/network/plain.h"

namespace phyllo::sim {

MakeLatency on_a_plane(Duration across) {
  // Two nodes at one place are still two machines.
  return [across] {
    return std::make_unique<PlainModel>(
        Plain{.base = std::chrono::microseconds(1), .across = across});
  };
}

}  // namespace phyllo::sim
