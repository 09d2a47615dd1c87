#include "regions/borders_config.h"

namespace phyllo::regions {

using std::chrono::milliseconds;
using std::chrono::seconds;

BordersConfig BordersConfig::lan() {
  return {.retry = milliseconds(500), .refresh = seconds(1), .lease = seconds(4)};
}

BordersConfig BordersConfig::wan() {
  return {.retry = seconds(1), .refresh = seconds(4), .lease = seconds(12)};
}

BordersConfig BordersConfig::paper() {
  return {.retry = seconds(5), .refresh = seconds(20), .lease = seconds(60)};
}

}  // namespace phyllo::regions
