#include "sim/experiment/tree_census.h"

#include <algorithm>
#include <iterator>

namespace phyllo::sim {
namespace {

std::uint64_t place(StationId station, multicast::PublisherId publisher) {
  return publisher << 32 | station;
}

LinkTotals totals(const LinkStress& stress) {
  LinkTotals totals{stress.total(), stress.total_between_routers(), stress.maximum(), {}};
  std::ranges::copy_if(stress.messages(), std::back_inserter(totals.links),
                       [](std::uint32_t messages) { return messages > 0; });
  return totals;
}

double ratio(Duration ours, Duration theirs) {
  return static_cast<double>(ours.count()) / static_cast<double>(theirs.count());
}

}  // namespace

TreeCensus::TreeCensus(const std::vector<Group>& groups, const EndNodes& nodes)
    : groups_(groups),
      nodes_(nodes),
      delays_(groups.size()),
      tables_(nodes.size(), 0),
      entries_(nodes.size(), 0),
      scribe_(nodes),
      ip_(nodes),
      unicast_(nodes) {}

void TreeCensus::published(std::size_t group, StationId source, Time now) {
  delays_[group].source = source;
  delays_[group].since = now;
  const auto& members = groups_[group].members;
  expected_ += members.size();
  ip_.multicast(source, members);
  for (const StationId member : members) {
    if (member != source) unicast_.unicast(source, member);
  }
}

void TreeCensus::sent(StationId from, StationId to, multicast::PublisherId publisher) {
  ++copies_;
  ++entries_[from];
  if (senders_.insert(place(from, publisher)).second) ++tables_[from];
  receivers_.insert(place(to, publisher));
  scribe_.unicast(from, to);
}

void TreeCensus::delivered(Time now, StationId at, multicast::PublisherId publisher) {
  Delays& delays = delays_[publisher - 1];
  ++delivered_;
  ++delays.deliveries;
  if (at == delays.source) return;
  const Duration delay = now - delays.since;
  delays.sum += delay;
  delays.longest = std::max(delays.longest, delay);
}

TreesFound TreeCensus::found() const {
  TreesFound found;
  for (std::size_t group = 0; group < groups_.size(); ++group) {
    compare(groups_[group], delays_[group], found);
  }
  found.tables = tables_;
  found.entries = entries_;
  found.scribe = totals(scribe_);
  found.ip = totals(ip_);
  found.unicast = totals(unicast_);
  found.copies = static_cast<double>(copies_) / static_cast<double>(receivers_.size());
  return found;
}

void TreeCensus::compare(const Group& group, const Delays& delays, TreesFound& found) const {
  if (delays.deliveries != group.members.size()) {
    found.violations.push_back(group.topic.text() + ": " + std::to_string(delays.deliveries) +
                               " deliveries to " + std::to_string(group.members.size()) +
                               " members");
    return;
  }
  Duration sum{};
  Duration longest{};
  for (const StationId member : group.members) {
    if (member == delays.source) continue;
    const Duration direct = nodes_.delay(delays.source, member);
    sum += direct;
    longest = std::max(longest, direct);
  }
  if (longest == Duration::zero()) return;  // nobody but the source
  found.penalties.push_back(
      {group.members.size(), ratio(delays.sum, sum), ratio(delays.longest, longest)});
}

}  // namespace phyllo::sim
