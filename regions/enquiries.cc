#include "regions/enquiries.h"

#include <algorithm>
#include <string>
#include <utility>

namespace phyllo::regions {

void Enquiries::ask(Turn& turn, Attempt number, const TopicName& topic) {
  const Open open{TopicId::of(topic), seats_.enclosure(turn, topic), 0};
  send(turn, number, open);
  open_.emplace(number, open);
}

void Enquiries::send(Turn& turn, Attempt number, const Open& open) {
  Enquire enquire{open.topic, number, state_.self(), {}};
  if (open.enclosure) enquire.name = open.enclosure->topic;
  seats_.say(turn, open.topic, open.enclosure, enquire, open.failures);
  deadlines_.set(number, turn.now() + state_.config.retry / 2);
}

void Enquiries::give_up(Attempt number) {
  open_.erase(number);
  deadlines_.cancel(number);
}

bool Enquiries::take(Audience& audience) {
  const auto found = open_.find(audience.number);
  if (found == open_.end()) return false;
  const EnclosureRef enclosure = found->second.enclosure;
  give_up(audience.number);
  std::map<std::string, Audience::Party> regions;
  for (const Audience::Party& party : audience.parties) {
    const std::string& region = party.root.region();
    if (enclosure && !seats_.admits(enclosure, region)) continue;
    const auto [at, added] = regions.try_emplace(region, party);
    if (!added && party.subscribes && !at->second.subscribes) at->second = party;
  }
  audience.parties.clear();
  for (auto& [region, party] : regions) audience.parties.push_back(std::move(party));
  return true;
}

void Enquiries::tick(Turn& turn) {
  for (const Attempt number : deadlines_.take_due(turn.now())) {
    Open& open = open_.at(number);
    ++open.failures;
    send(turn, number, open);
  }
}

}  // namespace phyllo::regions
