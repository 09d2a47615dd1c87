#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "base/time.h"
#include "overlay/wire.h"
#include "sim/network/station.h"

namespace phyllo::sim {

/// The latest things that happened on a virtual network, for the message of a failed test.
class NetworkTrace {
 public:
  enum class What {
    kSent,
    kGarbled,  ///< the wire as it will arrive
    kLost,
    kArrived,
    kDisconnected,
    kBooted,
    kKilled,
    kPaused,
    kResumed
  };
  struct Record {
    Time when;
    What what;
    StationId from;
    StationId to;
    overlay::Wire wire;
  };
  using Describe = std::function<std::string(const overlay::Wire&)>;

  /// 0 keeps nothing.
  void keep(std::size_t records) { limit_ = records; }
  /// Is told of everything while it happens, kept or not.
  void watch(std::function<void(const Record&)> watcher) { watcher_ = std::move(watcher); }
  void add(Time when, What what, StationId from, StationId to) { add(when, what, from, to, {}); }
  void add(Time when, What what, StationId from, StationId to, const overlay::Wire& wire) {
    if (watcher_ || limit_ > 0) record(when, what, from, to, wire);
  }
  /// The latest `count` records, those that concern one of two stations only where given.
  std::string text(std::size_t count, const Describe& describe,
                   std::optional<StationId> one = std::nullopt,
                   std::optional<StationId> other = std::nullopt) const;
  /// One record, without an end of line.
  static std::string line(const Record& record, const Describe& describe);

 private:
  void record(Time when, What what, StationId from, StationId to, const overlay::Wire& wire);

  std::size_t limit_ = 400;
  std::function<void(const Record&)> watcher_;
  std::deque<Record> records_;
};

}  // namespace phyllo::sim
