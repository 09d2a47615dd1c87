#include "bench/compare/report/figure.h"

#include <algorithm>

namespace phyllo::bench {

bool Figure::meant_for(const Workload& workload) const {
  if (workload.idle()) return meant == Meant::kIdle;
  return meant == Meant::kBusy || meant == (workload.paced() ? Meant::kPaced : Meant::kUnpaced);
}

const std::vector<Figure>& compared_figures() {
  using Better = Figure::Better;
  using Meant = Figure::Meant;
  static const std::vector<Figure> kFigures{
      {"deliveries/s", &Outcome::deliveries_per_second, Better::kMore, Meant::kUnpaced},
      {"CPU per delivery", &Outcome::cpu_us_per_delivery, Better::kLess, Meant::kBusy},
      {"p50", &Outcome::p50_us, Better::kLess, Meant::kPaced},
      {"p99", &Outcome::p99_us, Better::kLess, Meant::kPaced},
      {"p99.9", &Outcome::p999_us, Better::kLess, Meant::kPaced},
      {"peak memory", &Outcome::peak_memory, Better::kLess, Meant::kBusy},
      {"memory per subscription", &Outcome::bytes_per_subscription, Better::kLess, Meant::kIdle},
      {"memory per client", &Outcome::bytes_per_client, Better::kLess, Meant::kIdle},
      {"subscriptions/s", &Outcome::subscriptions_per_second, Better::kMore, Meant::kIdle},
      {"unsubscriptions/s", &Outcome::unsubscriptions_per_second, Better::kMore, Meant::kIdle},
  };
  return kFigures;
}

std::optional<Spread> spread_of(std::vector<double> values) {
  if (values.empty()) return std::nullopt;
  std::ranges::sort(values);
  const std::size_t middle = values.size() / 2;
  const double median =
      values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
  return Spread{values.front(), median, values.back()};
}

std::optional<Spread> spread_of(const Comparison::Series& series, double Outcome::*value) {
  std::vector<double> values;
  for (const Outcome& outcome : series.outcomes) {
    if (outcome.failure.empty()) values.push_back(outcome.*value);
  }
  return spread_of(std::move(values));
}

std::optional<std::size_t> best_peer(const Comparison& comparison, const Figure& figure) {
  std::optional<std::size_t> best;
  double best_value = 0;
  for (std::size_t peer = 1; peer < comparison.series.size(); ++peer) {
    const auto spread = spread_of(comparison.series[peer], figure.value);
    if (!spread) continue;
    const bool more = spread->median > best_value;
    if (best && more != (figure.better == Figure::Better::kMore)) continue;
    best = peer;
    best_value = spread->median;
  }
  return best;
}

std::optional<Spread> ratio_to(const Comparison& comparison, std::size_t peer,
                               const Figure& figure) {
  const auto& ours = comparison.series.front().outcomes;
  const auto& others = comparison.series[peer].outcomes;
  std::vector<double> ratios;
  for (std::size_t round = 0; round < ours.size(); ++round) {
    if (!ours[round].failure.empty() || !others[round].failure.empty()) continue;
    if (others[round].*figure.value <= 0) continue;
    ratios.push_back(ours[round].*figure.value / others[round].*figure.value);
  }
  return spread_of(std::move(ratios));
}

}  // namespace phyllo::bench
