#pragma once

#include <cstddef>
#include <map>
#include <string>

#include "base/time.h"
#include "broker/core/effects.h"
#include "broker/logging/log.h"
#include "broker/logging/log_output.h"
#include "overlay/transport/events.h"

namespace phyllo::broker {

/// What the event loop writes to the log about its broker. Lines that strangers can cause by
/// knocking at a port are limited to a few each second; a later line says how many were left out.
/// That a known broker is refused, or refuses, is said once, and then again every ten minutes.
class Journal {
 public:
  explicit Journal(LogOutput& output);

  void note(const overlay::StateChanged& change);
  void note(const overlay::Notice& notice, overlay::NodeId self);
  void note(Time now, const overlay::transport::Refused& refused);
  void note(const overlay::transport::Disconnected& disconnected);
  void note(const overlay::transport::DialFailed& failed);
  void note(const CloseClient& closed);
  void drain_begins(const char* signal);
  void stopped(const Stopped& stopped);
  void drain_takes_too_long();

 private:
  bool allows(Time now);
  bool news(Time now, const overlay::transport::Refused& refused);

  Log broker_;
  Log overlay_;
  Log transport_;
  Log clients_;
  Time second_ends_{};
  std::size_t lines_ = 0;
  std::size_t left_out_ = 0;
  std::map<std::string, Time> refusals_;  ///< said already, and when
};

}  // namespace phyllo::broker
