#include "regions/meter.h"

namespace phyllo::regions {
namespace {

constexpr double kGigabyte = 1e9;

BudgetState state_of(const Meter::Spending& spending) {
  if (!spending.budget) return BudgetState::kFine;
  if (spending.spent > *spending.budget) return BudgetState::kPassed;
  return spending.expected > *spending.budget ? BudgetState::kAhead : BudgetState::kFine;
}

}  // namespace

Meter::Meter(RegionTable table, Time now, Month month)
    : table_(std::move(table)), began_(now), month_(month) {}

void Meter::month_is(Time now, Month month) {
  month_ = month;
  for (auto& [pair, crossing] : crossings_) crossing.month.month_is(now, month);
}

void Meter::count(Time now, std::size_t from, std::size_t to, TrafficKind kind,
                  std::uint64_t bytes) {
  if (from == to) return;
  Crossing& crossing =
      crossings_.try_emplace({from, to}, Crossing{{}, MonthlyTraffic(began_, month_)})
          .first->second;
  ++crossing.total.messages;
  (kind == TrafficKind::kData ? crossing.total.data_bytes : crossing.total.control_bytes) += bytes;
  crossing.month.add(now, bytes);
}

Meter::Count Meter::total(std::size_t from, std::size_t to) const {
  const auto found = crossings_.find({from, to});
  return found == crossings_.end() ? Count{} : found->second.total;
}

Meter::Spending Meter::spending(Time now, std::size_t from, std::size_t to) {
  const Border& border = table_.border(from, to);
  Spending spending{.budget = border.budget};
  const auto found = crossings_.find({from, to});
  if (found == crossings_.end()) return spending;
  const double price = border.price_per_gb / kGigabyte;
  spending.spent = static_cast<double>(found->second.month.bytes(now)) * price;
  spending.expected = found->second.month.expected_bytes(now) * price;
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
