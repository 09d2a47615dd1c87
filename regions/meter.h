#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "base/time.h"
#include "regions/monthly_traffic.h"
#include "regions/region_table.h"

namespace phyllo::regions {

/// How a border's budget stands.
enum class BudgetState {
  kFine,    ///< will do, or there is none
  kAhead,   ///< the month will cost more, if it goes on like the last day or like the usual one
  kPassed,  ///< it has cost more
};

/// What one broker sends to other regions and hears from them, what that costs in this month and
/// what the month will come to. Regions by their index in the table.
class Meter {
 public:
  struct Count {
    std::uint64_t messages = 0;
    Volume volume;
    bool operator==(const Count&) const = default;
  };
  struct Spending {
    double price_per_gb = 0;
    double spent = 0;              ///< in this month
    double expected = 0;           ///< in the whole month, by `Outlook::kUsual`
    double expected_last_day = 0;  ///< the same by `Outlook::kLastDay`
    std::optional<double> budget;
    BudgetState state = BudgetState::kFine;  ///< of this broker's share of the budget
    std::size_t sharers = 1;                 ///< so many brokers share it in equal parts
    Volume volume{};                         ///< in this month
    double bytes_per_second = 0;             ///< over the last day

    /// Of the budget, which there is.
    double share() const { return *budget / static_cast<double>(sharers); }
    /// A budget must do for both.
    double most_expected() const { return std::max(expected, expected_last_day); }
  };
  /// A border's budget stands worse than before.
  struct Warning {
    std::size_t from;
    std::size_t to;
    Spending spending;
  };

  Meter(RegionTable table, Time now, Month month);

  void month_is(Time now, Month month);
  /// One message of this size went from one region to another. Within one region nothing counts.
  void count(Time now, std::size_t from, std::size_t to, TrafficKind kind, std::uint64_t bytes);
  /// So many brokers of `from` share its budgets: as many as the meter is one of.
  void shared_by(std::size_t from, std::size_t brokers);
  /// The borders whose budgets stand worse than ever before in this month, each said once.
  std::vector<Warning> look(Time now);

  const RegionTable& table() const { return table_; }
  /// Which month since counting began: 0, 1, …
  std::uint64_t month_number(Time now);
  /// Since counting began.
  Count total(std::size_t from, std::size_t to) const;
  Spending spending(Time now, std::size_t from, std::size_t to);
  /// What this month has come to; nothing where nothing was ever counted.
  MonthSoFar so_far(Time now, std::size_t from, std::size_t to);
  /// What an earlier life has counted of this month.
  void resume(Time now, std::size_t from, std::size_t to, const MonthSoFar& before);

 private:
  struct Crossing {
    Count total;
    MonthlyTraffic month;
    BudgetState warned = BudgetState::kFine;
    std::uint64_t warned_in = 0;  ///< the month of that warning
  };

  Crossing& crossing(std::size_t from, std::size_t to);

  RegionTable table_;
  std::vector<std::size_t> sharers_;  ///< of each region's budgets
  Time began_;
  MonthClock clock_;
  std::map<std::pair<std::size_t, std::size_t>, Crossing> crossings_;  ///< that were used
};

}  // namespace phyllo::regions
