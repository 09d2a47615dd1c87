#include "regions/route_book.h"

#include <algorithm>

#include "regions/route_plan.h"

namespace phyllo::regions {
namespace {

constexpr std::size_t kMostPlans = 1024;
/// Longer than any border, and any extra delay.
constexpr Duration kUnknown = std::chrono::hours(24);

}  // namespace

RouteBook::RouteBook(RegionTable table, const std::string& from, Duration extra_delay)
    : table_(std::move(table)), extra_delay_(extra_delay) {
  const auto index = table_.index(from);
  if (!index) return;
  from_ = *index;
  others_ = table_.names();
  std::erase(others_, from);
  for (std::size_t a = 0; a < table_.size(); ++a) {
    for (std::size_t b = 0; b < table_.size(); ++b) {
      Border& border = table_.border(a, b);
      if (border.delay == Duration::zero()) border.delay = kUnknown;
    }
  }
  for (std::size_t to = 0; to < table_.size(); ++to) {
    for (std::size_t by = 0; by < table_.size(); ++by) {
      if (to == by || to == from_ || by == from_) continue;
      const Border& onward = table_.border(by, to);
      const Border& direct = table_.border(from_, to);
      const bool cheaper = onward.burden() < direct.burden();
      of_use_ = of_use_ || (cheaper && onward.delay < kUnknown && direct.delay < kUnknown);
    }
  }
}

std::vector<std::size_t> RouteBook::known(const std::vector<std::string>& regions) const {
  std::vector<std::size_t> known;
  for (const std::string& region : regions) {
    const auto index = table_.index(region);
    if (!index || *index == from_ || table_.border(from_, *index).delay == kUnknown) continue;
    known.push_back(*index);
  }
  std::ranges::sort(known);
  return known;
}

const RouteBook::Routes& RouteBook::routes(const std::vector<std::string>& interested,
                                           const std::vector<std::string>& relays) {
  const Key key(known(interested), known(relays));
  const auto found = plans_.find(key);
  if (found != plans_.end()) return found->second;
  if (plans_.size() == kMostPlans) plans_.clear();
  return plans_.emplace(key, plan(key)).first->second;
}

RouteBook::Routes RouteBook::plan(const Key& key) const {
  const auto& [interested, relays] = key;
  std::map<std::size_t, Route> ways;  // and their whole delays
  const RoutePlan plan = plan_routes(table_, {.publisher = from_,
                                              .interested = interested,
                                              .relays = relays,
                                              .extra_delay = extra_delay_});
  for (const RoutePlan::Leg& leg : plan.legs) {
    Route& route = ways[leg.to];
    if (leg.from != from_) {
      route = ways.at(leg.from);
      route.through.push_back(table_.names()[leg.from]);
    }
    route.extra += table_.border(leg.from, leg.to).delay;
  }
  Routes relayed;
  for (const std::size_t region : interested) {
    Route& route = ways.at(region);
    if (route.direct()) continue;
    route.extra = std::max(Duration::zero(), route.extra - table_.border(from_, region).delay);
    relayed.emplace(table_.names()[region], std::move(route));
  }
  return relayed;
}

}  // namespace phyllo::regions
