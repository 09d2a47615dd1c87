#include "regions/checkpoint.h"

#include <algorithm>

namespace phyllo::regions {
namespace {

/// So many topics are remembered, and up to as many of before.
constexpr std::size_t kKnown = 32'768;

}  // namespace

bool Checkpoint::lets_through(Relayed& relayed) {
  const std::string& here = state_.self().region();
  const std::string& origin = relayed.origin.region();
  const auto enclosure = this->enclosure(topic_of(relayed), relayed.name);
  const bool inside =
      enclosure && (!*enclosure || ((*enclosure)->has(here) && (*enclosure)->has(origin)));
  if (!inside) {
    ++state_.stats.fenced_off;
    return false;
  }
  if (origin == here) {
    ++state_.stats.malformed;
    return false;
  }
  std::vector<std::string> path{origin, here};
  sift(relayed.onward, *enclosure, path);
  return relayed.here || !relayed.onward.empty();
}

void Checkpoint::sift(std::vector<Relayed::Leg>& legs, const EnclosureRef& enclosure,
                      std::vector<std::string>& path) {
  std::erase_if(legs, [&](Relayed::Leg& leg) {
    const std::string& region = leg.to.region();
    if (enclosure && !enclosure->has(region)) {
      ++state_.stats.fenced_off;
      return true;
    }
    if (std::ranges::count(path, region) > 0) {
      ++state_.stats.malformed;
      return true;
    }
    path.push_back(region);
    sift(leg.onward, enclosure, path);
    path.pop_back();
    return !leg.publish && leg.onward.empty();
  });
}

std::optional<EnclosureRef> Checkpoint::enclosure(const TopicId& topic,
                                                  const std::optional<TopicName>& name) {
  if (fence_.rules().empty()) return nullptr;
  const bool registered = registrar_.knows(topic);
  if (registered || name) {
    const EnclosureRef enclosure =
        registered ? registrar_.enclosure(topic) : fence_.enclosure(*name);
    // Nobody says the name again when this node is registered no more.
    remember(topic, enclosure);
    return enclosure;
  }
  if (const auto found = known_.find(topic); found != known_.end()) return found->second;
  const auto found = early_.find(topic);
  if (found == early_.end()) return std::nullopt;
  const EnclosureRef enclosure = found->second;
  remember(topic, enclosure);
  return enclosure;
}

void Checkpoint::remember(const TopicId& topic, const EnclosureRef& enclosure) {
  if (known_.size() >= kKnown && !known_.contains(topic)) early_ = std::exchange(known_, {});
  known_.insert_or_assign(topic, enclosure);
}

}  // namespace phyllo::regions
