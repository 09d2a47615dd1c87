#include "broker/config/logging_settings.h"

namespace phyllo::broker {

const char* to_string(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return "debug";
    case LogLevel::kInfo:
      return "info";
    case LogLevel::kWarning:
      return "warning";
    case LogLevel::kError:
      return "error";
    case LogLevel::kOff:
      return "off";
  }
  return "unknown";
}

const char* to_string(Subsystem subsystem) {
  switch (subsystem) {
    case Subsystem::kBroker:
      return "broker";
    case Subsystem::kOverlay:
      return "overlay";
    case Subsystem::kMulticast:
      return "multicast";
    case Subsystem::kClients:
      return "clients";
    case Subsystem::kTransport:
      return "transport";
    case Subsystem::kHttp:
      return "http";
  }
  return "unknown";
}

const char* to_string(LogFormat format) { return format == LogFormat::kJson ? "json" : "text"; }

}  // namespace phyllo::broker
