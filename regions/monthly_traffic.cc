#include "regions/monthly_traffic.h"

#include <algorithm>
#include <numeric>

#include "base/check.h"

namespace phyllo::regions {
namespace {

using namespace std::chrono_literals;

std::int64_t hour_of(Time now) { return now.time_since_epoch() / 1h; }

double seconds(Duration duration) { return std::chrono::duration<double>(duration).count(); }

}  // namespace

MonthlyTraffic::MonthlyTraffic(Time now, Month month)
    : since_(now), month_(month), hour_(hour_of(now)) {
  PHYLLO_CHECK(month.began < month.ends);
}

void MonthlyTraffic::month_is(Time now, Month month) {
  advance(now);
  PHYLLO_CHECK(month.began < month.ends);
  // A calendar that was set a little still says the same month.
  const bool same = abs(month.began - month_.began) < (month.ends - month.began) / 2;
  if (same) {
    month_ = month;
  } else {
    start(month);
  }
}

void MonthlyTraffic::resume(Time now, const MonthSoFar& before) {
  advance(now);
  volume_.data_bytes += before.volume.data_bytes;
  volume_.control_bytes += before.volume.control_bytes;
  before_ += before.counted;
}

void MonthlyTraffic::add(Time now, TrafficKind kind, std::uint64_t bytes) {
  advance(now);
  (kind == TrafficKind::kData ? volume_.data_bytes : volume_.control_bytes) += bytes;
  hours_[static_cast<std::size_t>(hour_ % kHours)] += bytes;
}

std::uint64_t MonthlyTraffic::number(Time now) {
  advance(now);
  return number_;
}

MonthSoFar MonthlyTraffic::so_far(Time now) {
  advance(now);
  return {volume_, counted(now)};
}

/// Somebody may say that more was counted than the month is old.
Duration MonthlyTraffic::counted(Time now) const {
  const Duration here = now - std::max(since_, month_.began);
  return std::clamp(before_ + here, here, std::max(here, now - month_.began));
}

double MonthlyTraffic::expected_bytes(Time now) {
  advance(now);
  const auto known = static_cast<double>(volume_.bytes());
  if (now - since_ + before_ < kEnough) return known;
  const Duration missed = now - month_.began - counted(now);
  return known + pace(now) * seconds(std::max(missed, Duration::zero()) + (month_.ends - now));
}

double MonthlyTraffic::bytes_per_second(Time now) {
  advance(now);
  return pace(now);
}

void MonthlyTraffic::advance(Time now) {
  if (now >= month_.ends) {
    const Duration length = month_.ends - month_.began;
    const Time began = month_.ends + (now - month_.ends) / length * length;
    start({began, began + length});
  }
  const std::int64_t hour = hour_of(now);
  if (hour - hour_ >= kHours) {
    hours_.fill(0);
    hour_ = hour;
  }
  while (hour_ < hour) hours_[static_cast<std::size_t>(++hour_ % kHours)] = 0;
}

void MonthlyTraffic::start(Month month) {
  month_ = month;
  ++number_;
  volume_ = {};
  before_ = {};
}

/// As long as this life is too short to tell, that of the month so far.
double MonthlyTraffic::pace(Time now) const {
  const bool young = now - since_ < kEnough && before_ > Duration::zero();
  const Time first_hour{(hour_ - kHours + 1) * Duration(1h)};
  const Duration window = young ? counted(now) : now - std::max(since_, first_hour);
  const auto bytes = young ? volume_.bytes() : std::reduce(hours_.begin(), hours_.end());
  return window > Duration::zero() ? static_cast<double>(bytes) / seconds(window) : 0;
}

}  // namespace phyllo::regions
