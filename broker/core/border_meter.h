#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "overlay/contact.h"
#include "overlay/effects.h"
#include "overlay/wire.h"
#include "regions/meter.h"

namespace phyllo::broker {

/// What this broker exchanged with one other region, in one direction.
struct BorderStats {
  std::string from;
  std::string to;
  regions::Meter::Count count;        ///< since the broker started
  regions::Meter::Spending spending;  ///< of this month
};

/// What went to another region of a topic in this month.
struct BorderTopicStats {
  std::string topic;  ///< its id where its name is not known any more
  std::string to;
  std::uint64_t bytes = 0;   ///< never less than went there
  std::uint64_t excess = 0;  ///< by how much `bytes` may be too many
};

/// What the month has come to at one border, for the broker's next life.
struct BorderAccount {
  std::string from;
  std::string to;
  regions::MonthSoFar so_far;
  bool operator==(const BorderAccount&) const = default;
};

/// Counts what this broker sends to brokers of other regions and hears from them, and warns before
/// its share of a border's budget for the month is passed. A message with a body is data; the rest
/// is control. Does nothing where the cluster has no table of regions.
class BorderMeter {
 public:
  BorderMeter(regions::RegionTable table, const overlay::Contact& self);

  /// Counting begins. Until a driver with a calendar says more, a month has 30 days and begins now.
  void start(Time now);
  void month_is(Time now, regions::Month month);
  /// Which month since counting began: 0, 1, …
  std::uint64_t month_number(Time now);
  void sent(Time now, const overlay::Contact& to, const overlay::Wire& wire);
  void heard(Time now, const overlay::Contact& from, const overlay::Wire& wire);
  /// The budgets that stand worse than before, one line each. Worth calling once a `kLook`. So many
  /// brokers of the region, this one included, share its budgets.
  std::vector<overlay::Notice> look(Time now, std::size_t brokers);
  Time next_look() const { return next_look_; }
  /// Of this region with every other one, both directions.
  std::vector<BorderStats> stats(Time now);
  std::vector<BorderAccount> accounts(Time now);
  /// What an earlier life has counted of this month. Borders that there are not any more are left
  /// out.
  void resume(Time now, const std::vector<BorderAccount>& accounts);

 private:
  static constexpr Duration kLook = std::chrono::minutes(1);

  regions::RegionTable table_;
  overlay::NodeId self_;
  std::optional<std::size_t> own_;       ///< this broker's region in the table
  std::optional<regions::Meter> meter_;  ///< once it counts
  Time next_look_ = kNever;
};

}  // namespace phyllo::broker
