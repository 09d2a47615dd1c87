#include "broker/core/border_meter.h"

#include <cmath>
#include <utility>

namespace phyllo::broker {
namespace {

using overlay::Notice;
using regions::TrafficKind;

TrafficKind kind_of(const overlay::Wire& wire) {
  return wire.body.size() > 0 ? TrafficKind::kData : TrafficKind::kControl;
}

/// An amount of money, rounded to hundredths.
std::string amount(double value) {
  const auto hundredths = static_cast<long long>(std::llround(value * 100));
  const std::string rest = std::to_string(hundredths % 100);
  return std::to_string(hundredths / 100) + (rest.size() == 1 ? ".0" : ".") + rest;
}

std::string warning_text(const regions::RegionTable& table, const regions::Meter::Warning& about) {
  const regions::Meter::Spending& spending = about.spending;
  std::string text = "what this broker sends from " + table.names()[about.from] + " to " +
                     table.names()[about.to] + " has cost " + amount(spending.spent);
  if (spending.state == regions::BudgetState::kPassed) {
    text += " this month: more than";
  } else {
    text += " and will cost " + amount(spending.most_expected()) +
            " this month if it goes on so: more than";
  }
  if (spending.sharers == 1) return text + " the budget of " + amount(*spending.budget);
  return text + " this broker's share of the budget, " + amount(spending.share()) + " of " +
         amount(*spending.budget);
}

}  // namespace

BorderMeter::BorderMeter(regions::RegionTable table, const overlay::Contact& self)
    : table_(std::move(table)), self_(self.id()), own_(table_.index(self.region())) {}

void BorderMeter::start(Time now) {
  if (!own_ || meter_) return;
  meter_.emplace(table_, now, regions::Month{now, now + std::chrono::hours(30 * 24)});
  next_look_ = now + kLook;
}

void BorderMeter::month_is(Time now, regions::Month month) {
  if (meter_) meter_->month_is(now, month);
}

std::uint64_t BorderMeter::month_number(Time now) { return meter_ ? meter_->month_number(now) : 0; }

void BorderMeter::sent(Time now, const overlay::Contact& to, const overlay::Wire& wire) {
  if (!meter_) return;
  const auto region = table_.index(to.region());
  if (region) meter_->count(now, *own_, *region, kind_of(wire), wire.size());
}

void BorderMeter::heard(Time now, const overlay::Contact& from, const overlay::Wire& wire) {
  if (!meter_) return;
  const auto region = table_.index(from.region());
  if (region) meter_->count(now, *region, *own_, kind_of(wire), wire.size());
}

std::vector<Notice> BorderMeter::look(Time now, std::size_t brokers) {
  std::vector<Notice> notices;
  if (!meter_ || now < next_look_) return notices;
  next_look_ = now + kLook;
  meter_->shared_by(*own_, brokers);
  for (const regions::Meter::Warning& warning : meter_->look(now)) {
    // What others send is theirs to warn of, and their share of the budget.
    if (warning.from != *own_) continue;
    notices.push_back(Notice{Notice::Level::kWarning, warning_text(table_, warning), self_});
  }
  return notices;
}

std::vector<BorderStats> BorderMeter::stats(Time now) {
  std::vector<BorderStats> borders;
  if (!meter_) return borders;
  const auto add = [&](std::size_t from, std::size_t to) {
    borders.push_back({table_.names()[from], table_.names()[to], meter_->total(from, to),
                       meter_->spending(now, from, to)});
  };
  for (std::size_t other = 0; other < table_.size(); ++other) {
    if (other == *own_) continue;
    add(*own_, other);
    add(other, *own_);
  }
  return borders;
}

std::vector<BorderAccount> BorderMeter::accounts(Time now) {
  std::vector<BorderAccount> accounts;
  for (BorderStats& border : stats(now)) {
    const auto from = *table_.index(border.from);
    const auto to = *table_.index(border.to);
    const regions::MonthSoFar so_far = meter_->so_far(now, from, to);
    if (so_far == regions::MonthSoFar{}) continue;
    accounts.push_back({std::move(border.from), std::move(border.to), so_far});
  }
  return accounts;
}

void BorderMeter::resume(Time now, const std::vector<BorderAccount>& accounts) {
  if (!meter_) return;
  for (const BorderAccount& account : accounts) {
    const auto from = table_.index(account.from);
    const auto to = table_.index(account.to);
    if (from && to && (from == own_ || to == own_)) meter_->resume(now, *from, *to, account.so_far);
  }
}

}  // namespace phyllo::broker
