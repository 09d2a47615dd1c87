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
    : table_(std::move(table)),
      crossings_(table_.size() * table_.size(), Crossing{{}, MonthlyTraffic(now, month)}) {}

void Meter::month_is(Time now, Month month) {
  for (Crossing& crossing : crossings_) crossing.month.month_is(now, month);
}

void Meter::count(Time now, std::size_t from, std::size_t to, TrafficKind kind,
                  std::uint64_t bytes) {
  if (from == to) return;
  Crossing& crossing = at(from, to);
  ++crossing.total.messages;
  (kind == TrafficKind::kData ? crossing.total.data_bytes : crossing.total.control_bytes) += bytes;
  crossing.month.add(now, bytes);
}

Meter::Spending Meter::spending(Time now, std::size_t from, std::size_t to) {
  const Border& border = table_.border(from, to);
  MonthlyTraffic& month = at(from, to).month;
  const double price = border.price_per_gb / kGigabyte;
  Spending spending{.spent = static_cast<double>(month.bytes(now)) * price,
                    .expected = month.expected_bytes(now) * price,
                    .budget = border.budget};
  spending.state = state_of(spending);
  return spending;
}

std::vector<Meter::Warning> Meter::look(Time now) {
  std::vector<Warning> warnings;
  for (std::size_t from = 0; from < table_.size(); ++from) {
    for (std::size_t to = 0; to < table_.size(); ++to) {
      Crossing& crossing = at(from, to);
      const Spending spending = this->spending(now, from, to);
      const std::uint64_t month = crossing.month.number(now);
      if (month != crossing.warned_in) crossing.warned = BudgetState::kFine;
      crossing.warned_in = month;
      if (spending.state <= crossing.warned) continue;
      crossing.warned = spending.state;
      warnings.push_back({from, to, spending});
    }
  }
  return warnings;
}

}  // namespace phyllo::regions
