#include "overlay/self_tuning.h"

#include <algorithm>
#include <cmath>

namespace phyllo::overlay {
namespace {

constexpr double kTargetLoss = 0.03;

double seconds(Duration d) { return std::chrono::duration<double>(d).count(); }

/// The probability that a node probed every `interval` seconds is dead when it is used.
double dead_when_used(double interval, double rate) {
  const double x = interval * rate;
  if (x < 1e-6) return x / 2;
  return 1.0 - (1.0 - std::exp(-x)) / x;
}

double ring_fraction(Uint128 arc) { return std::ldexp(static_cast<double>(arc), -128); }

}  // namespace

void FailureRate::failed(Time now) {
  failures_.push_back(now);
  if (failures_.size() > kWindow) {
    start_ = failures_.front();
    failures_.erase(failures_.begin());
  }
}

double FailureRate::per_second(Time now, std::size_t watched) const {
  const double span = seconds(now - start_);
  if (failures_.empty() || watched == 0 || span <= 0) return 0;
  return static_cast<double>(failures_.size()) / span / static_cast<double>(watched);
}

std::size_t FailureRate::since(Time since) const {
  return static_cast<std::size_t>(
      std::count_if(failures_.begin(), failures_.end(), [&](Time t) { return t > since; }));
}

double estimate_ring_size(const LeafSet& leaves) {
  const std::size_t known = leaves.size();
  if (leaves.whole_ring() || leaves.left().empty() || leaves.right().empty()) {
    return static_cast<double>(known + 1);
  }
  const Uint128 arc = clockwise(leaves.left().back().id(), leaves.right().back().id());
  return std::max(static_cast<double>(known + 1), static_cast<double>(known) / ring_fraction(arc));
}

Duration tuned_probe_interval(const Timers& timers, double ring_size, double rate) {
  if (rate <= 0) return timers.table_probe;
  const double table_hops = std::max(std::log(ring_size) / std::log(kDigitValues) - 1.0, 1.0);
  const double timeout = seconds(timers.probe_timeout);
  const double last_hop = 1.0 - dead_when_used(seconds(timers.heartbeat) + timeout, rate);
  const auto loss = [&](double interval) {
    const double one = 1.0 - dead_when_used(interval + 2 * timeout, rate);
    return 1.0 - last_hop * std::pow(one, table_hops);
  };
  double low = timeout * timers.probe_attempts;
  double high = std::max(seconds(timers.table_probe), low);
  if (loss(high) <= kTargetLoss) return timers.table_probe;
  for (int i = 0; i < 40; ++i) {
    const double middle = (low + high) / 2;
    (loss(middle) <= kTargetLoss ? low : high) = middle;
  }
  return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(low));
}

}  // namespace phyllo::overlay
