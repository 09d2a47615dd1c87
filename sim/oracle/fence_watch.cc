#include "sim/oracle/fence_watch.h"

#include <utility>

#include "multicast/topic_id.h"
#include "sim/network/message_text.h"

namespace phyllo::sim {
namespace {

/// Enough to see what is wrong.
constexpr std::size_t kFindings = 5;

}  // namespace

FenceWatch::FenceWatch(const Cluster& cluster, const std::vector<std::string>& topics)
    : cluster_(cluster) {
  for (const std::string& text : topics) {
    const TopicName name = *TopicName::parse(text);
    if (cluster.setup().broker.fence.regions_of(name).empty()) continue;
    Topic& topic = topics_.emplace_back();
    topic.name = text;
    topic.id = multicast::TopicId::of(name).bytes();
    for (const std::string& region : cluster.setup().broker.regions) {
      topic.inside[region] = cluster.setup().broker.fence.allows(name, region);
    }
  }
}

void FenceWatch::saw(const NetworkTrace::Record& record) {
  if (record.what != NetworkTrace::What::kSent) return;
  const std::string& from = cluster_.region(record.from);
  const std::string& to = cluster_.region(record.to);
  for (Topic& topic : topics_) {
    const std::string& header = record.wire.header;
    if (header.find(topic.id) == header.npos && header.find(topic.name) == header.npos) continue;
    Count& count = topic.counts[{from, to}];
    ++count.frames;
    count.bytes += record.wire.size();
    if ((topic.inside[from] && topic.inside[to]) || findings_.size() == kFindings) continue;
    findings_.push_back("of " + topic.name + ", outside of its regions: " +
                        NetworkTrace::line(record, describe_wire_of_regions));
  }
}

FenceWatch::Count FenceWatch::between(const std::string& topic, const std::string& from,
                                      const std::string& to) const {
  for (const Topic& each : topics_) {
    if (each.name != topic) continue;
    const auto found = each.counts.find({from, to});
    if (found != each.counts.end()) return found->second;
  }
  return {};
}

}  // namespace phyllo::sim
