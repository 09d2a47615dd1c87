#include "phyllo/connection_event.h"

namespace phyllo {

const char* to_string(ConnectionEvent::Kind kind) {
  switch (kind) {
    case ConnectionEvent::Kind::kConnected:
      return "connected";
    case ConnectionEvent::Kind::kDisconnected:
      return "disconnected";
    case ConnectionEvent::Kind::kFailed:
      return "failed";
    case ConnectionEvent::Kind::kRefused:
      return "refused";
    case ConnectionEvent::Kind::kDraining:
      return "draining";
  }
  return "unknown";
}

}  // namespace phyllo
