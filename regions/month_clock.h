#pragma once

#include <cstdint>

#include "base/time.h"

namespace phyllo::regions {

/// A month on the time line of the cores, as a driver with a calendar says it.
struct Month {
  Time began{};
  Time ends{};
  bool operator==(const Month&) const = default;
};

/// Which month it is. Months follow each other by themselves, as long as the last one was, until
/// `month_is` says better.
class MonthClock {
 public:
  /// A month ends after it began.
  explicit MonthClock(Month month);

  /// Whether that is another month than the one that it was.
  bool month_is(Time now, Month month);
  /// Whether a month has ended since the last call.
  bool advance(Time now);

  const Month& month() const { return month_; }
  /// Since the clock was made: 0, 1, …
  std::uint64_t number() const { return number_; }

 private:
  Month month_;
  std::uint64_t number_ = 0;
};

}  // namespace phyllo::regions
