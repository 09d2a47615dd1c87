#include "sim/experiment/spread_watch.h"

#include <optional>

#include "multicast/codec.h"
#include "overlay/codec.h"

namespace phyllo::sim {
namespace {

std::optional<multicast::TopicId> topic_of(const overlay::AppMessage& carried) {
  const auto message = multicast::decode(carried);
  if (!message.ok()) return std::nullopt;
  if (const auto* data = std::get_if<multicast::Data>(&message.value())) return data->topic;
  const auto* publish = std::get_if<multicast::Publish>(&message.value());
  return publish == nullptr ? std::nullopt : std::optional(publish->topic);
}

/// Of the message that the frame carries, if it does.
std::optional<multicast::TopicId> topic_of(const overlay::Wire& wire, overlay::Places& places) {
  if (wire.body.empty()) return std::nullopt;
  const auto frame = overlay::decode_of_any_ring(wire, places);
  if (!frame.ok()) return std::nullopt;
  const auto* direct = std::get_if<overlay::Direct>(&frame.value().message);
  return direct == nullptr ? std::nullopt : topic_of(direct->message);
}

}  // namespace

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
  const auto topic = topic_of(record.wire, *cluster_.network().places());
  if (!topic) {
    if (arrived) return;
    ++control_frames_;
    control_bytes_ += record.wire.size();
    return;
  }
  const auto found = index_.find(*topic);
  if (found == index_.end()) return;
  Spread& spread = spreads_[found->second];
  if (!arrived) {
    ++spread.copies[border];
  } else if (members_[found->second].contains(record.to)) {
    spread.arrived.try_emplace(record.to, record.when - begin_);
  }
}

}  // namespace phyllo::sim
