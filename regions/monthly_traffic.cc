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

void MonthlyTraffic::add(Time now, std::uint64_t bytes) {
  advance(now);
  bytes_ += bytes;
  hours_[static_cast<std::size_t>(hour_ % kHours)] += bytes;
}

std::uint64_t MonthlyTraffic::number(Time now) {
  advance(now);
  return number_;
}

std::uint64_t MonthlyTraffic::bytes(Time now) {
  advance(now);
  return bytes_;
}

double MonthlyTraffic::expected_bytes(Time now) {
  advance(now);
  const auto counted = static_cast<double>(bytes_);
  if (now - since_ < kEnough) return counted;
  const Duration missed = std::max(Duration::zero(), since_ - month_.began);
  return counted + bytes_per_second(now) * seconds(missed + (month_.ends - now));
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
  bytes_ = 0;
}

/// Over the last day, or since counting began.
double MonthlyTraffic::bytes_per_second(Time now) const {
  const Time first_hour{(hour_ - kHours + 1) * Duration(1h)};
  const Duration window = now - std::max(since_, first_hour);
  const auto bytes = std::reduce(hours_.begin(), hours_.end());
  return static_cast<double>(bytes) / seconds(window);
}

}  // namespace phyllo::regions
