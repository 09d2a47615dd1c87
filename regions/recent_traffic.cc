#include "regions/recent_traffic.h"

#include <algorithm>
#include <vector>

namespace phyllo::regions {
namespace {

using namespace std::chrono_literals;

std::int64_t hour_of(Time now) { return now.time_since_epoch() / 1h; }
Time begin_of(std::int64_t hour) { return Time(hour * Duration(1h)); }
double seconds(Duration duration) { return std::chrono::duration<double>(duration).count(); }

}  // namespace

RecentTraffic::RecentTraffic(Time now) : since_(now), hour_(hour_of(now)) {}

void RecentTraffic::add(Time now, std::uint64_t bytes) {
  advance(now);
  at(hour_) += bytes;
}

double RecentTraffic::last_day(Time now) {
  advance(now);
  const Duration window = now - std::max(since_, begin_of(hour_ - kDay + 1));
  const auto bytes = static_cast<double>(sum(hour_ - kDay + 1, kDay));
  return window > Duration::zero() ? bytes / seconds(window) : 0;
}

double RecentTraffic::usual(Time now) {
  advance(now);
  std::vector<double> rates;
  for (std::int64_t day = 1; day <= kDays; ++day) {
    const std::int64_t first = hour_ - day * kDay;
    if (begin_of(first) < since_) break;
    rates.push_back(static_cast<double>(sum(first, kDay)) / seconds(kDay * Duration(1h)));
  }
  if (std::ssize(rates) < kLeastDays) return last_day(now);
  std::ranges::sort(rates);
  const std::size_t half = rates.size() / 2;
  return rates.size() % 2 == 1 ? rates[half] : (rates[half - 1] + rates[half]) / 2;
}

void RecentTraffic::advance(Time now) {
  const std::int64_t hour = hour_of(now);
  if (hour - hour_ >= kHours) {
    hours_.fill(0);
    hour_ = hour;
  }
  while (hour_ < hour) at(++hour_) = 0;
}

/// Hours before the time line's first one are not asked for with anything in them.
std::uint64_t& RecentTraffic::at(std::int64_t hour) {
  return hours_[static_cast<std::size_t>((hour % kHours + kHours) % kHours)];
}

std::uint64_t RecentTraffic::sum(std::int64_t first_hour, std::int64_t hours) {
  std::uint64_t bytes = 0;
  for (std::int64_t hour = first_hour; hour < first_hour + hours; ++hour) bytes += at(hour);
  return bytes;
}

}  // namespace phyllo::regions
