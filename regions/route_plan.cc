#include "regions/route_plan.h"

#include <algorithm>
#include <iterator>

#include "regions/timely_tree.h"

namespace phyllo::regions {
namespace {

std::vector<std::size_t> in_order(std::vector<std::size_t> regions) {
  std::ranges::sort(regions);
  const auto twice = std::ranges::unique(regions);
  regions.erase(twice.begin(), twice.end());
  return regions;
}

/// Of all searches for one plan together: a few milliseconds. To find a tree takes the cube of the
/// regions.
int trees_looked_at(std::size_t regions) {
  constexpr std::size_t kWork = 4'000'000;
  return static_cast<int>(std::max<std::size_t>(kWork / (regions * regions * regions), 1));
}

/// Chooses the relays.
class RelaySearch {
 public:
  RelaySearch(const RegionTable& table, const RouteWish& wish)
      : table_(table), extra_delay_(wish.extra_delay), publisher_(wish.publisher) {
    interested_ = in_order(wish.interested);
    std::erase(interested_, publisher_);
    std::vector<std::size_t> candidates = in_order(wish.relays);
    std::erase_if(candidates, [this](std::size_t relay) {
      return relay == publisher_ || std::ranges::count(interested_, relay) > 0;
    });
    std::vector<std::size_t> regions = interested_;
    regions.insert(regions.end(), candidates.begin(), candidates.end());
    const std::vector<Duration> soonest = soonest_arrivals(regions);
    std::ranges::copy_if(candidates, std::back_inserter(relays_),
                         [&](std::size_t relay) { return of_use(relay, soonest[relay], regions); });
    trees_ = trees_looked_at(1 + interested_.size() + std::min(relays_.size(), kExactRelays));
  }

  TimelyTree best() { return relays_.size() <= kExactRelays ? best_of_all() : best_by_steps(); }

 private:
  /// Someone is reached cheaper from there than from the publisher, or sooner. To be sooner is
  /// enough even at a higher burden: it may let the one who is reached pass on in time.
  bool of_use(std::size_t relay, Duration soonest, const std::vector<std::size_t>& regions) const {
    return std::ranges::any_of(regions, [&](std::size_t region) {
      if (region == relay) return false;
      const Border& onward = table_.border(relay, region);
      const Border& direct = table_.border(publisher_, region);
      return onward.burden() < direct.burden() || soonest + onward.delay < direct.delay;
    });
  }

  /// When each of `regions` can hear at the earliest, at whatever burden (Dijkstra 1959); by index
  /// in the table.
  std::vector<Duration> soonest_arrivals(std::vector<std::size_t> regions) const {
    std::vector<Duration> soonest(table_.size());
    for (const std::size_t region : regions) {
      soonest[region] = table_.border(publisher_, region).delay;
    }
    while (!regions.empty()) {
      const auto next = std::ranges::min_element(
          regions, {}, [&](std::size_t region) { return soonest[region]; });
      const std::size_t from = *next;
      regions.erase(next);
      for (const std::size_t to : regions) {
        soonest[to] = std::min(soonest[to], soonest[from] + table_.border(from, to).delay);
      }
    }
    return soonest;
  }

  TimelyTree with(const std::vector<std::size_t>& relays) {
    std::vector<std::size_t> regions{publisher_};
    regions.insert(regions.end(), interested_.begin(), interested_.end());
    regions.insert(regions.end(), relays.begin(), relays.end());
    return lightest_timely_tree(table_, regions, interested_.size(), extra_delay_, trees_);
  }

  TimelyTree best_of_all() {
    TimelyTree best = with({});
    for (std::size_t set = 1; set < std::size_t{1} << relays_.size() && trees_ > 0; ++set) {
      std::vector<std::size_t> chosen;
      for (std::size_t i = 0; i < relays_.size(); ++i) {
        if ((set >> i & 1) != 0) chosen.push_back(relays_[i]);
      }
      keep_lighter(best, with(chosen));
    }
    return best;
  }

  /// One more relay at a time, the one that saves most, while one saves anything.
  TimelyTree best_by_steps() {
    TimelyTree best = with({});
    std::vector<std::size_t> chosen;
    for (bool better = true; better;) {
      better = false;
      std::vector<std::size_t> best_choice;
      for (const std::size_t relay : relays_) {
        if (trees_ == 0 || std::ranges::count(chosen, relay) > 0) continue;
        std::vector<std::size_t> more = chosen;
        more.push_back(relay);
        if (!keep_lighter(best, with(more))) continue;
        better = true;
        best_choice = std::move(more);
      }
      if (better) chosen = std::move(best_choice);
    }
    return best;
  }

  static bool keep_lighter(TimelyTree& best, TimelyTree other) {
    if (!(other.weight < best.weight)) return false;
    best = std::move(other);
    return true;
  }

  const RegionTable& table_;
  const Duration extra_delay_;
  const std::size_t publisher_;
  std::vector<std::size_t> interested_;
  std::vector<std::size_t> relays_;
  int trees_ = 0;  ///< that may still be looked at
};

}  // namespace

RoutePlan plan_routes(const RegionTable& table, const RouteWish& wish) {
  RoutePlan plan;
  plan.legs = RelaySearch(table, wish).best().legs;
  for (const RoutePlan::Leg& leg : plan.legs) {
    const Border& border = table.border(leg.from, leg.to);
    plan.price += border.price_per_gb;
    plan.burden += border.burden();
  }
  return plan;
}

}  // namespace phyllo::regions
