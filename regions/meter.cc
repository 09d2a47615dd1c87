#include "regions/meter.h"

#include <algorithm>

namespace phyllo::regions {
namespace {

constexpr double kGigabyte = 1e9;

BudgetState state_of(const Meter::Spending& spending) {
  if (!spending.budget) return BudgetState::kFine;
  const double share = spending.share();
  if (spending.spent > share) return BudgetState::kPassed;
  return spending.most_expected() > share ? BudgetState::kAhead : BudgetState::kFine;
}

}  // namespace

Meter::Meter(RegionTable table, Time now, Month month)
    : table_(std::move(table)), sharers_(table_.size(), 1), began_(now), clock_(month) {}

void Meter::month_is(Time now, Month month) {
  clock_.month_is(now, month);
  for (auto& [pair, crossing] : crossings_) crossing.month.month_is(now, month);
}

void Meter::count(Time now, std::size_t from, std::size_t to, TrafficKind kind,
                  std::uint64_t bytes) {
  if (from == to) return;
  Crossing& used = crossing(from, to);
  ++used.total.messages;
  Volume& total = used.total.volume;
  (kind == TrafficKind::kData ? total.data_bytes : total.control_bytes) += bytes;
  used.month.add(now, kind, bytes);
}

Meter::Crossing& Meter::crossing(std::size_t from, std::size_t to) {
  return crossings_.try_emplace({from, to}, Crossing{{}, MonthlyTraffic(began_, clock_.month())})
      .first->second;
}

std::uint64_t Meter::month_number(Time now) {
  clock_.advance(now);
  return clock_.number();
}

void Meter::shared_by(std::size_t from, std::size_t brokers) {
  sharers_[from] = std::max<std::size_t>(brokers, 1);
}

void Meter::resume(Time now, std::size_t from, std::size_t to, const MonthSoFar& before) {
  if (from != to) crossing(from, to).month.resume(now, before);
}

MonthSoFar Meter::so_far(Time now, std::size_t from, std::size_t to) {
  const auto found = crossings_.find({from, to});
  return found == crossings_.end() ? MonthSoFar{} : found->second.month.so_far(now);
}

Meter::Count Meter::total(std::size_t from, std::size_t to) const {
  const auto found = crossings_.find({from, to});
  return found == crossings_.end() ? Count{} : found->second.total;
}

Meter::Spending Meter::spending(Time now, std::size_t from, std::size_t to) {
  const Border& border = table_.border(from, to);
  Spending spending;
  spending.budget = border.budget;
  spending.sharers = sharers_[from];
  spending.price_per_gb = border.price_per_gb;
  const auto found = crossings_.find({from, to});
  if (found == crossings_.end()) return spending;
  const double price = border.price_per_gb / kGigabyte;
  MonthlyTraffic& month = found->second.month;
  spending.volume = month.so_far(now).volume;
  spending.bytes_per_second = month.bytes_per_second(now);
  spending.spent = static_cast<double>(spending.volume.bytes()) * price;
  spending.expected = month.expected_bytes(now, Outlook::kUsual) * price;
  spending.expected_last_day = month.expected_bytes(now, Outlook::kLastDay) * price;
  spending.state = state_of(spending);
  return spending;
}

std::vector<Meter::Warning> Meter::look(Time now) {
  std::vector<Warning> warnings;
  for (auto& [pair, crossing] : crossings_) {
    const Spending spending = this->spending(now, pair.first, pair.second);
    const std::uint64_t month = crossing.month.number(now);
    if (month != crossing.warned_in) crossing.warned = BudgetState::kFine;
    crossing.warned_in = month;
    if (spending.state <= crossing.warned) continue;
    crossing.warned = spending.state;
    warnings.push_back({pair.first, pair.second, spending});
  }
  return warnings;
}

}  // namespace phyllo::regions
