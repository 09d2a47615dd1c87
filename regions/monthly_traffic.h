#pragma once

#include <cstdint>

#include "base/time.h"
#include "regions/month_clock.h"
#include "regions/recent_traffic.h"

namespace phyllo::regions {

enum class TrafficKind {
  kData,     ///< batches of topics
  kControl,  ///< all else that brokers say to each other
};

struct Volume {
  std::uint64_t data_bytes = 0;
  std::uint64_t control_bytes = 0;
  std::uint64_t bytes() const { return data_bytes + control_bytes; }
  bool operator==(const Volume&) const = default;
};

/// What was counted of a month up to now, and for how long of it somebody counted.
struct MonthSoFar {
  Volume volume{};
  Duration counted{};
  bool operator==(const MonthSoFar&) const = default;
};

/// How the traffic of a month's rest is guessed.
enum class Outlook {
  kUsual,    ///< like the median day of the last week
  kLastDay,  ///< like the last day
};

/// What crosses one border in the running month, and what that will come to.
class MonthlyTraffic {
 public:
  /// Less than this is too little to look ahead from.
  static constexpr Duration kEnough = std::chrono::minutes(10);

  /// Counting begins.
  MonthlyTraffic(Time now, Month month);

  /// Keeps what was counted when the month is still the one that began before `now`.
  void month_is(Time now, Month month);
  /// An earlier life has counted this of the running month.
  void resume(Time now, const MonthSoFar& before);
  void add(Time now, TrafficKind kind, std::uint64_t bytes);
  /// Which month since counting began: 0, 1, …
  std::uint64_t number(Time now);
  /// Counted in this month, earlier lives included.
  MonthSoFar so_far(Time now);
  /// What the whole month will come to when the rest of it, and what nobody counted of it, is like
  /// that; just what was counted while that is of less than `kEnough`.
  double expected_bytes(Time now, Outlook outlook);
  /// Over the last day, or since counting began.
  double bytes_per_second(Time now);

 private:
  void advance(Time now);
  void start();
  Duration counted(Time now) const;
  double pace(Time now, Outlook outlook);

  Time since_;  ///< counted from here on
  MonthClock clock_;
  Volume volume_;
  Duration before_{};  ///< of this month, counted by earlier lives
  RecentTraffic recent_;
};

}  // namespace phyllo::regions
