#include "regions/fence.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "multicast/topic_id.h"

namespace phyllo::regions {

Fence::Fence(std::vector<FenceRule> rules) : rules_(std::move(rules)) {
  for (FenceRule& rule : rules_) {
    PHYLLO_CHECK(!rule.regions.empty());
    std::ranges::sort(rule.regions);
    const auto twice = std::ranges::unique(rule.regions);
    rule.regions.erase(twice.begin(), twice.end());
  }
}

const std::vector<std::string>& Fence::regions_of(const TopicName& topic) const {
  static const std::vector<std::string> kAll;
  const auto rule =
      std::ranges::find_if(rules_, [&](const auto& each) { return each.match.matches(topic); });
  return rule == rules_.end() ? kAll : rule->regions;
}

bool Fence::allows(const TopicName& topic, std::string_view region) const {
  const std::vector<std::string>& inside = regions_of(topic);
  return inside.empty() || std::ranges::find(inside, region) != inside.end();
}

Outcome Fence::admit(const TopicName& topic, std::string_view region) const {
  if (allows(topic, region)) return Done{};
  std::string inside;
  for (const std::string& each : regions_of(topic)) inside += (inside.empty() ? "" : ", ") + each;
  return Error{ErrorCode::kRefused, "topic '" + topic.text() + "' must not be used in region " +
                                        std::string(region) + ", only in " + inside};
}

EnclosureRef Fence::enclosure(const TopicName& topic) const {
  std::vector<std::string> order = regions_of(topic);
  if (order.empty()) return nullptr;
  const overlay::Uint128 hash = multicast::TopicId::of(topic).key().value();
  const auto first = static_cast<std::ptrdiff_t>(hash % order.size());
  std::ranges::rotate(order, order.begin() + first);
  return std::make_shared<const Enclosure>(Enclosure{topic, std::move(order)});
}

}  // namespace phyllo::regions
