#include "sim/experiment/station_endpoint.h"

#include <string>

namespace phyllo::sim {

overlay::Endpoint endpoint_of(StationId station) {
  const std::string host = std::to_string(station >> 16 & 255) + "." +
                           std::to_string(station >> 8 & 255) + "." + std::to_string(station & 255);
  return overlay::Endpoint::parse("tcp://10." + host + ":7400").value();
}

}  // namespace phyllo::sim
