#include "regions/monthly_traffic.h"

#include <algorithm>

namespace phyllo::regions {
namespace {

double seconds(Duration duration) { return std::chrono::duration<double>(duration).count(); }

}  // namespace

MonthlyTraffic::MonthlyTraffic(Time now, Month month) : since_(now), clock_(month), recent_(now) {}

void MonthlyTraffic::month_is(Time now, Month month) {
  if (clock_.month_is(now, month)) start();
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
  recent_.add(now, bytes);
}

std::uint64_t MonthlyTraffic::number(Time now) {
  advance(now);
  return clock_.number();
}

MonthSoFar MonthlyTraffic::so_far(Time now) {
  advance(now);
  return {volume_, counted(now)};
}

/// Somebody may say that more was counted than the month is old.
Duration MonthlyTraffic::counted(Time now) const {
  const Time began = clock_.month().began;
  const Duration here = now - std::max(since_, began);
  return std::clamp(before_ + here, here, std::max(here, now - began));
}

double MonthlyTraffic::expected_bytes(Time now, Outlook outlook) {
  advance(now);
  const auto known = static_cast<double>(volume_.bytes());
  if (now - since_ + before_ < kEnough) return known;
  const Month& month = clock_.month();
  const Duration missed = std::max(now - month.began - counted(now), Duration::zero());
  return known + pace(now, outlook) * seconds(missed + (month.ends - now));
}

double MonthlyTraffic::bytes_per_second(Time now) {
  advance(now);
  return pace(now, Outlook::kLastDay);
}

void MonthlyTraffic::advance(Time now) {
  if (clock_.advance(now)) start();
}

void MonthlyTraffic::start() {
  volume_ = {};
  before_ = {};
}

/// As long as this life is too short to tell, that of the month so far.
double MonthlyTraffic::pace(Time now, Outlook outlook) {
  const bool young = now - since_ < kEnough && before_ > Duration::zero();
  if (!young) return outlook == Outlook::kUsual ? recent_.usual(now) : recent_.last_day(now);
  const Duration window = counted(now);
  const auto bytes = static_cast<double>(volume_.bytes());
  return window > Duration::zero() ? bytes / seconds(window) : 0;
}

}  // namespace phyllo::regions
