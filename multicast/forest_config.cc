#include "multicast/forest_config.h"

namespace phyllo::multicast {

using std::chrono::milliseconds;
using std::chrono::seconds;

ForestConfig ForestConfig::lan() {
  return {.heartbeat = milliseconds(250),
          .parent_timeout = milliseconds(1000),
          .refresh = milliseconds(1000),
          .child_timeout = milliseconds(3000),
          .graft_retry = milliseconds(250),
          .publish_retry = milliseconds(500),
          .survey_timeout = milliseconds(2000)};
}

ForestConfig ForestConfig::wan() {
  return {.heartbeat = seconds(1),
          .parent_timeout = seconds(4),
          .refresh = seconds(5),
          .child_timeout = seconds(15),
          .graft_retry = seconds(1),
          .publish_retry = seconds(2),
          .survey_timeout = seconds(5)};
}

ForestConfig ForestConfig::paper() {
  return {.heartbeat = seconds(30),
          .parent_timeout = seconds(90),
          .refresh = seconds(60),
          .child_timeout = seconds(180),
          .graft_retry = seconds(5),
          .publish_retry = seconds(10),
          .survey_timeout = seconds(30)};
}

}  // namespace phyllo::multicast
