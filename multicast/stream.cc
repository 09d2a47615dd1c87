#include "multicast/stream.h"

namespace phyllo::multicast {

const char* to_string(Gap::Why why) {
  switch (why) {
    case Gap::Why::kParentLost:
      return "parent_lost";
    case Gap::Why::kRootLost:
      return "root_lost";
    case Gap::Why::kQueueLimit:
      return "queue_limit";
    case Gap::Why::kIngressLimit:
      return "ingress_limit";
    case Gap::Why::kMissed:
      return "missed";
  }
  return "unknown";
}

}  // namespace phyllo::multicast
