#pragma once

#include <array>
#include <cstdint>

#include "base/time.h"

namespace phyllo::regions {

/// Bytes of the last week, by the hour: how fast they come, without trusting any single moment.
class RecentTraffic {
 public:
  /// Counting begins.
  explicit RecentTraffic(Time now);

  void add(Time now, std::uint64_t bytes);
  /// Bytes a second over the last day, or since counting began.
  double last_day(Time now);
  /// The median of the last seven days' rates, whole days of 24 hours back from the hour that runs;
  /// as long as fewer than three were counted from their beginning to their end, the last day's.
  double usual(Time now);

 private:
  static constexpr std::int64_t kDay = 24;
  static constexpr std::int64_t kDays = 7;
  static constexpr std::int64_t kLeastDays = 3;
  /// The running hour, and those of whole days.
  static constexpr std::int64_t kHours = kDays * kDay + 1;

  void advance(Time now);
  std::uint64_t& at(std::int64_t hour);
  std::uint64_t sum(std::int64_t first_hour, std::int64_t hours);

  Time since_;
  std::array<std::uint64_t, kHours> hours_{};  ///< by hour of the time line
  std::int64_t hour_;                          ///< the running one
};

}  // namespace phyllo::regions
