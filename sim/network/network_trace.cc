#include "sim/network/network_trace.h"

#include <cstdio>
#include <vector>

namespace phyllo::sim {
namespace {

const char* name(NetworkTrace::What what) {
  switch (what) {
    case NetworkTrace::What::kSent:
      return "sends";
    case NetworkTrace::What::kGarbled:
      return "garbles";
    case NetworkTrace::What::kLost:
      return "loses";
    case NetworkTrace::What::kArrived:
      return "gets";
    case NetworkTrace::What::kDisconnected:
      return "disconnected";
    case NetworkTrace::What::kBooted:
      return "boots";
    case NetworkTrace::What::kKilled:
      return "dies";
    case NetworkTrace::What::kPaused:
      return "pauses";
    case NetworkTrace::What::kResumed:
      return "resumes";
  }
  return "?";
}

}  // namespace

void NetworkTrace::record(Time when, What what, StationId from, StationId to,
                          const overlay::Wire& wire) {
  if (watcher_) watcher_({when, what, from, to, wire});
  if (limit_ == 0) return;
  if (records_.size() == limit_) records_.pop_front();
  records_.push_back({when, what, from, to, wire});
}

std::string NetworkTrace::text(std::size_t count, const Describe& describe,
                               std::optional<StationId> one, std::optional<StationId> other) const {
  const auto concerns = [](const Record& record, std::optional<StationId> station) {
    return !station || record.from == *station || record.to == *station;
  };
  std::vector<const Record*> chosen;
  for (auto it = records_.rbegin(); it != records_.rend() && chosen.size() < count; ++it) {
    if (concerns(*it, one) && concerns(*it, other)) chosen.push_back(&*it);
  }
  std::string text;
  for (auto it = chosen.rbegin(); it != chosen.rend(); ++it) {
    text += line(**it, describe) + "\n";
  }
  return text;
}

std::string NetworkTrace::line(const Record& record, const Describe& describe) {
  char head[64];
  std::snprintf(head, sizeof head, "%12.6f  #%u -> #%u %s ",
                static_cast<double>(record.when.time_since_epoch().count()) / 1e9, record.from,
                record.to, name(record.what));
  return head + (record.wire.size() > 0 ? describe(record.wire) : "");
}

}  // namespace phyllo::sim
