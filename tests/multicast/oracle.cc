#include "tests/multicast/oracle.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "sim/oracle/tree_oracle.h"

namespace phyllo::testing {

namespace mc = multicast;

namespace {

using Message = std::pair<mc::PublisherId, mc::Sequence>;

/// The messages that a subscription saw or was told are lost.
std::set<Message> accounted_for(const Grove& grove, const mc::TopicId& topic,
                                const std::vector<SeenAt>& events) {
  std::set<Message> all;
  for (const SeenAt& event : events) {
    if (const auto* batch = std::get_if<mc::StreamBatch>(&event.what)) {
      for (std::uint32_t i = 0; i < batch->batch.count; ++i) {
        all.insert({batch->batch.publisher, batch->batch.publisher_first + i});
      }
    } else if (const auto* gap = std::get_if<mc::Gap>(&event.what)) {
      for (mc::Sequence n = gap->first; n <= gap->last; ++n) {
        if (gap->publisher != 0) {
          all.insert({gap->publisher, n});
        } else if (const auto found = grove.numbered().find({topic, {gap->stream, n}});
                   found != grove.numbered().end()) {
          all.insert(found->second);
        }
      }
    }
  }
  return all;
}

std::optional<Time> live_since(const std::vector<SeenAt>& events) {
  for (const SeenAt& event : events) {
    if (std::holds_alternative<mc::StreamPosition>(event.what)) return event.when;
  }
  return std::nullopt;
}

/// What publishers were told has been taken.
std::map<mc::PublisherId, mc::Sequence> taken_of(const Grove& grove, const mc::TopicId& topic) {
  std::map<mc::PublisherId, mc::Sequence> taken;
  for (StationId member = 0; member < grove.size(); ++member) {
    for (const auto& note : grove.member(member).taken) {
      if (note.topic == topic) {
        taken[note.publisher] = std::max(taken[note.publisher], note.up_to);
      }
    }
  }
  return taken;
}

/// The process through which it was published runs: what was lost at the end shows by what follows.
bool speaks_still(const Grove& grove, const Grove::Published& message) {
  return grove.is_running(message.through) && grove.life(message.through) == message.life;
}

mc::Sequence last_of(mc::PublisherId publisher, const std::set<Message>& accounted) {
  const auto after = accounted.upper_bound({publisher, ~mc::Sequence{0}});
  if (after == accounted.begin() || std::prev(after)->first != publisher) return 0;
  return std::prev(after)->second;
}

}  // namespace

Faults check_tree(const Grove& grove, const TopicName& topic) {
  TreeParts parts;
  for (const StationId member : grove.running()) {
    auto part = grove.member(member).forest().part_in(topic);
    if (part) parts.emplace(grove.id(member), *std::move(part));
  }
  std::map<overlay::NodeId, std::uint64_t> subscribers;
  for (const StationId member : grove.subscribers(topic)) {
    const auto part = parts.find(grove.id(member));
    const std::uint64_t count = part == parts.end() ? 0 : part->second.local_subscribers;
    subscribers[grove.id(member)] = std::max<std::uint64_t>(count, 1);
  }
  Faults faults = sim::check_tree(parts, grove.id(grove.root_of(topic)), subscribers);
  if (!faults.empty()) faults.push_back(grove.report(topic));
  return faults;
}

Faults check_order(const Grove& grove, const TopicName& topic) {
  Faults faults;
  const mc::TopicId id = mc::TopicId::of(topic);
  for (const auto& subscription : grove.subscriptions()) {
    if (subscription.topic != id) continue;
    std::map<mc::PublisherId, mc::Sequence> last;
    for (const SeenAt& event : grove.seen(subscription)) {
      const auto* batch = std::get_if<mc::StreamBatch>(&event.what);
      if (batch == nullptr) continue;
      mc::Sequence& before = last[batch->batch.publisher];
      if (batch->batch.publisher_first <= before) {
        faults.push_back("#" + std::to_string(subscription.member) + " got " +
                         std::to_string(batch->batch.publisher) + ":" +
                         std::to_string(batch->batch.publisher_first) + " after " +
                         std::to_string(before) + " (seed " + std::to_string(grove.seed()) + ")");
      }
      before = std::max(before, batch->batch.publisher_first + batch->batch.count - 1);
    }
  }
  return faults;
}

Faults check_nothing_silent(const Grove& grove, const TopicName& topic) {
  Faults faults;
  const mc::TopicId id = mc::TopicId::of(topic);
  const auto taken = taken_of(grove, id);
  for (const auto& subscription : grove.subscriptions()) {
    // What was under way when it ended cannot be known.
    if (subscription.topic != id || subscription.to != kNever) continue;
    const auto events = grove.seen(subscription);
    const auto since = live_since(events);
    if (!since) {
      faults.push_back("#" + std::to_string(subscription.member) + " never became live");
      continue;
    }
    const auto all = accounted_for(grove, id, events);
    for (const auto& [publisher, messages] : grove.published()) {
      const auto took = taken.find(publisher.second);
      if (publisher.first != id || took == taken.end()) continue;
      const mc::Sequence knowable =
          speaks_still(grove, messages.back()) ? took->second : last_of(publisher.second, all);
      const auto end = std::min<mc::Sequence>({messages.size(), took->second, knowable});
      for (mc::Sequence n = 1; n <= end; ++n) {
        if (messages[n - 1].when <= *since || all.contains({publisher.second, n})) continue;
        faults.push_back("#" + std::to_string(subscription.member) + " silently missed " +
                         std::to_string(publisher.second) + ":" + std::to_string(n) + " (seed " +
                         std::to_string(grove.seed()) + ")");
      }
    }
  }
  return faults;
}

std::uint64_t reported_lost(const Grove& grove, const TopicName& topic) {
  std::uint64_t lost = 0;
  for (const auto& subscription : grove.subscriptions()) {
    if (subscription.topic != mc::TopicId::of(topic) || subscription.to != kNever) continue;
    for (const SeenAt& event : grove.seen(subscription)) {
      if (const auto* gap = std::get_if<mc::Gap>(&event.what)) lost += gap->last - gap->first + 1;
    }
  }
  return lost;
}

}  // namespace phyllo::testing
