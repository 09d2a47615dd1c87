#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"
#include "regions/busiest_topics.h"
#include "regions/monthly_traffic.h"
#include "regions/region_table.h"

namespace phyllo::regions {

enum class TrafficKind {
  kData,     ///< batches of topics
  kControl,  ///< all else that brokers say to each other
};

/// How a border's budget stands.
enum class BudgetState {
  kFine,    ///< will do, or there is none
  kAhead,   ///< the month will cost more than the budget if it goes on like the last day
  kPassed,  ///< it has cost more
};

/// What one broker sends to other regions and hears from them, what that costs in this month and
/// what the month will come to. Regions by their index in the table.
class Meter {
 public:
  static constexpr std::size_t kTopics = 64;

  struct Count {
    std::uint64_t messages = 0;
    std::uint64_t data_bytes = 0;
    std::uint64_t control_bytes = 0;
    std::uint64_t bytes() const { return data_bytes + control_bytes; }
    bool operator==(const Count&) const = default;
  };
  struct Spending {
    double spent = 0;     ///< in this month
    double expected = 0;  ///< in the whole month
    std::optional<double> budget;
    BudgetState state = BudgetState::kFine;
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
  /// So many bytes of a topic crossed a border.
  void count_topic(std::string_view topic, std::uint64_t bytes) { topics_.add(topic, bytes); }
  /// The borders whose budgets stand worse than ever before in this month, each said once.
  std::vector<Warning> look(Time now);

  const RegionTable& table() const { return table_; }
  /// Since counting began.
  Count total(std::size_t from, std::size_t to) const;
  Spending spending(Time now, std::size_t from, std::size_t to);
  std::vector<BusiestTopics::Entry> busiest_topics() const { return topics_.list(); }

 private:
  struct Crossing {
    Count total;
    MonthlyTraffic month;
    BudgetState warned = BudgetState::kFine;
    std::uint64_t warned_in = 0;  ///< the month of that warning
  };

  RegionTable table_;
  Time began_;
  Month month_;
  std::map<std::pair<std::size_t, std::size_t>, Crossing> crossings_;  ///< that were used
  BusiestTopics topics_{kTopics};
};

}  // namespace phyllo::regions
