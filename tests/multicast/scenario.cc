#include "tests/multicast/scenario.h"

#include <algorithm>
#include <utility>

namespace phyllo::testing {

bool live(const Grove& grove, const TopicName& topic) {
  const auto id = multicast::TopicId::of(topic);
  return std::ranges::all_of(grove.subscriptions(), [&](const Grove::Subscription& s) {
    if (s.topic != id || s.to != kNever) return true;
    const auto seen = grove.seen(s);
    return std::ranges::any_of(seen, [](const SeenAt& event) {
      return std::holds_alternative<multicast::StreamPosition>(event.what);
    });
  });
}

bool subscribe_all(Grove& grove, const std::vector<StationId>& members, const TopicName& topic) {
  for (const StationId member : members) grove.subscribe(member, topic);
  return grove.run_until([&] { return live(grove, topic); });
}

StationId busiest_forwarder(const Grove& grove, const TopicName& topic) {
  StationId busiest = grove.root_of(topic);
  std::size_t most = 0;
  for (const StationId member : grove.running()) {
    const auto part = grove.member(member).forest().part_in(topic);
    if (!part || part->root || part->children.size() <= most) continue;
    busiest = member;
    most = part->children.size();
  }
  return busiest;
}

Traffic::Traffic(Grove& grove, TopicName topic, std::size_t publishers,
                 std::uint64_t first_publisher)
    : grove_(grove), topic_(std::move(topic)) {
  for (std::size_t i = 0; i < publishers; ++i) {
    publishers_.push_back({first_publisher + i, grove.pick(grove.running())});
  }
}

void Traffic::run_for(Duration duration, Duration interval) {
  const Time end = grove_.now() + duration;
  while (grove_.now() < end) {
    once();
    grove_.run_for(std::min(grove_.random().around(interval, 0.5), end - grove_.now()));
  }
}

void Traffic::once() {
  for (const Publisher& publisher : publishers_) {
    if (!grove_.is_running(publisher.member)) continue;
    const auto count = static_cast<std::uint32_t>(1 + grove_.random().below(3));
    grove_.publish(publisher.member, topic_, publisher.id, count);
  }
}

Faults check_all(const Grove& grove, const TopicName& topic) {
  Faults all = check_tree(grove, topic);
  for (const auto& faults : {check_order(grove, topic), check_nothing_silent(grove, topic)}) {
    all.insert(all.end(), faults.begin(), faults.end());
  }
  if (grove.undecodable() > 0) all.emplace_back("unreadable messages");
  return all;
}

}  // namespace phyllo::testing
