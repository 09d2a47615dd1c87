#include "sim/experiment/spread_watch.h"

#include <optional>

#include "multicast/codec.h"
#include "overlay/codec.h"
#include "regions/codec.h"

namespace phyllo::sim {
namespace {

template <class Carrier, class Message>
std::optional<multicast::TopicId> topic_in(const Message& message) {
  const auto* carrier = std::get_if<Carrier>(&message);
  return carrier == nullptr ? std::nullopt : std::optional(carrier->topic);
}

std::optional<multicast::TopicId> topic_in_tree(const overlay::AppMessage& carried) {
  const auto message = multicast::decode(carried);
  if (!message.ok()) return std::nullopt;
  const auto data = topic_in<multicast::Data>(message.value());
  return data ? data : topic_in<multicast::Publish>(message.value());
}

std::optional<multicast::TopicId> topic_between_regions(const overlay::AppMessage& carried) {
  const auto message = regions::decode(carried);
  if (!message.ok()) return std::nullopt;
  const auto* relayed = std::get_if<regions::Relayed>(&message.value());
  if (relayed != nullptr) return regions::topic_of(*relayed);
  return topic_in<multicast::Publish>(message.value());
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

/// Of the message that the frame carries, if it does.
std::optional<multicast::TopicId> SpreadWatch::topic_of(const overlay::Wire& wire) const {
  if (wire.body.empty()) return std::nullopt;
  const auto frame = overlay::decode_of_any_ring(wire, *cluster_.network().places());
  if (!frame.ok()) return std::nullopt;
  const auto* direct = std::get_if<overlay::Direct>(&frame.value().message);
  if (direct == nullptr) return std::nullopt;
  const bool abroad = cluster_.setup().broker.regions.size() > 1 &&
                      frame.value().ring == overlay::RingScope::kGlobal;
  return abroad ? topic_between_regions(direct->message) : topic_in_tree(direct->message);
}

SpreadWatch::~SpreadWatch() { cluster_.network().trace().watch({}); }

void SpreadWatch::see(const NetworkTrace::Record& record) {
  const bool arrived = record.what == NetworkTrace::What::kArrived;
  if (!arrived && record.what != NetworkTrace::What::kSent) return;
  const Spread::Border border{region_of(record.from, regions_), region_of(record.to, regions_)};
  if (!arrived && border.from == border.to) return;
  const auto topic = topic_of(record.wire);
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
