#pragma once

#include <array>
#include <cstdint>

#include "base/time.h"

namespace phyllo::regions {

/// A month on the time line of the cores, as a driver with a calendar says it.
struct Month {
  Time began{};
  Time ends{};
  bool operator==(const Month&) const = default;
};

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

/// What crosses one border in the running month, and what that will come to. Months follow each
/// other by themselves, as long as the last one was, until `month_is` says better.
class MonthlyTraffic {
 public:
  /// Less than this is too little to look ahead from.
  static constexpr Duration kEnough = std::chrono::minutes(10);

  /// Counting begins. A month ends after it began.
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
  /// the last day; just what was counted while that is of less than `kEnough`.
  double expected_bytes(Time now);
  /// Over the last day, or since counting began.
  double bytes_per_second(Time now);

 private:
  static constexpr std::int64_t kHours = 24;

  void advance(Time now);
  void start(Month month);
  Duration counted(Time now) const;
  double pace(Time now) const;

  Time since_;  ///< counted from here on
  Month month_;
  std::uint64_t number_ = 0;
  Volume volume_;
  Duration before_{};                          ///< of this month, counted by earlier lives
  std::array<std::uint64_t, kHours> hours_{};  ///< of the last day, by hour of the time line
  std::int64_t hour_;                          ///< the running one
};

}  // namespace phyllo::regions
