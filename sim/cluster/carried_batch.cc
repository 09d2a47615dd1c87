#include "sim/cluster/carried_batch.h"

#include "multicast/codec.h"
#include "overlay/codec.h"
#include "regions/codec.h"

namespace phyllo::sim {
namespace {

using Purpose = CarriedBatch::Purpose;

CarriedBatch carried(const multicast::TopicId& topic, const multicast::Batch& batch,
                     Purpose purpose) {
  return {{topic, batch.publisher, batch.publisher_first}, purpose};
}

std::optional<CarriedBatch> batch_in_tree(const overlay::AppMessage& wire) {
  const auto message = multicast::decode(wire);
  if (!message.ok()) return std::nullopt;
  if (const auto* data = std::get_if<multicast::Data>(&message.value())) {
    return carried(data->topic, data->batch.batch, Purpose::kForReceiver);
  }
  const auto* publish = std::get_if<multicast::Publish>(&message.value());
  if (publish == nullptr) return std::nullopt;
  return carried(publish->topic, publish->batch, Purpose::kForReceiver);
}

/// That of somebody at all.
const multicast::Publish& some_publish(const regions::Relayed& relayed) {
  if (relayed.here) return *relayed.here;
  const regions::Relayed::Leg* leg = &relayed.onward.front();
  while (!leg->publish) leg = &leg->onward.front();
  return *leg->publish;
}

std::optional<CarriedBatch> batch_between_regions(const overlay::AppMessage& wire) {
  const auto message = regions::decode(wire);
  if (!message.ok()) return std::nullopt;
  if (const auto* relayed = std::get_if<regions::Relayed>(&message.value())) {
    const multicast::Publish& publish = some_publish(*relayed);
    return carried(publish.topic, publish.batch,
                   relayed->here ? Purpose::kForReceiver : Purpose::kToPassOn);
  }
  const auto* publish = std::get_if<multicast::Publish>(&message.value());
  if (publish == nullptr) return std::nullopt;
  return carried(publish->topic, publish->batch, Purpose::kForReceiver);
}

}  // namespace

std::optional<CarriedBatch> batch_in(const Cluster& cluster, const overlay::Wire& wire) {
  if (wire.body.empty()) return std::nullopt;
  const auto frame = overlay::decode_of_any_ring(wire, *cluster.network().places());
  if (!frame.ok()) return std::nullopt;
  const auto* direct = std::get_if<overlay::Direct>(&frame.value().message);
  if (direct == nullptr) return std::nullopt;
  const bool between = cluster.setup().broker.regions.size() > 1 &&
                       frame.value().ring == overlay::RingScope::kGlobal;
  return between ? batch_between_regions(direct->message) : batch_in_tree(direct->message);
}

}  // namespace phyllo::sim
