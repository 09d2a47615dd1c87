#include "sim/cluster/border_traffic.h"

#include <algorithm>

namespace phyllo::sim {

BorderTraffic::BorderTraffic(Cluster& cluster) : cluster_(cluster) {
  cluster_.network().trace().watch([this](const NetworkTrace::Record& record) {
    if (record.what != NetworkTrace::What::kSent) return;
    if (record.from >= by_broker_.size()) by_broker_.resize(record.from + 1);
    if (cluster_.region(record.from) == cluster_.region(record.to)) return;
    if (!record.wire.body.empty()) {
      ++batches_[{cluster_.region(record.from), cluster_.region(record.to)}];
    }
    ++by_broker_[record.from].frames;
    by_broker_[record.from].bytes += record.wire.size();
  });
}

BorderTraffic::~BorderTraffic() { cluster_.network().trace().watch({}); }

std::uint64_t BorderTraffic::frames() const {
  std::uint64_t sum = 0;
  for (const Sent& sent : by_broker_) sum += sent.frames;
  return sum;
}

std::uint64_t BorderTraffic::batches() const {
  std::uint64_t sum = 0;
  for (const auto& [border, count] : batches_) sum += count;
  return sum;
}

std::uint64_t BorderTraffic::batches(const std::string& from, const std::string& to) const {
  const auto found = batches_.find({from, to});
  return found == batches_.end() ? 0 : found->second;
}

std::uint64_t BorderTraffic::bytes() const {
  std::uint64_t sum = 0;
  for (const Sent& sent : by_broker_) sum += total(sent);
  return sum;
}

std::uint64_t BorderTraffic::most_bytes() const {
  std::uint64_t most = 0;
  for (const Sent& sent : by_broker_) most = std::max(most, total(sent));
  return most;
}

}  // namespace phyllo::sim
