#include "sim/experiment/spread_watch.h"

#include "sim/cluster/carried_batch.h"

namespace phyllo::sim {

SpreadWatch::SpreadWatch(Cluster& cluster, const std::vector<RegionalTopic>& topics,
                         std::size_t regions)
    : cluster_(cluster), regions_(regions), begin_(cluster.now()), spreads_(topics.size()) {
  for (std::size_t i = 0; i < topics.size(); ++i) {
    index_.emplace(multicast::TopicId::of(topics[i].name), i);
    for (const StationId member : topics[i].members) members_[i].insert(member);
    members_[i].erase(topics[i].publisher);
  }
  cluster_.network().trace().watch([this](const NetworkTrace::Record& record) { see(record); });
}

SpreadWatch::~SpreadWatch() { cluster_.network().trace().watch({}); }

void SpreadWatch::see(const NetworkTrace::Record& record) {
  const bool arrived = record.what == NetworkTrace::What::kArrived;
  if (!arrived && record.what != NetworkTrace::What::kSent) return;
  const Spread::Border border{region_of(record.from, regions_), region_of(record.to, regions_)};
  if (!arrived && border.from == border.to) return;
  const auto batch = batch_in(cluster_, record.wire);
  if (!batch) {
    if (arrived) return;
    ++control_frames_;
    control_bytes_ += record.wire.size();
    return;
  }
  const auto found = index_.find(batch->name.topic);
  if (found == index_.end()) return;
  Spread& spread = spreads_[found->second];
  if (!arrived) {
    ++spread.copies[border];
  } else if (members_[found->second].contains(record.to)) {
    spread.arrived.try_emplace(record.to, record.when - begin_);
  }
}

}  // namespace phyllo::sim
