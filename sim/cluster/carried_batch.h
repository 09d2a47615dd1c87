#pragma once

#include <compare>
#include <optional>

#include "multicast/stream.h"
#include "multicast/topic_id.h"
#include "overlay/wire.h"
#include "sim/cluster/cluster.h"

namespace phyllo::sim {

/// A batch is known by its first message, however often and on which way it is sent.
struct BatchName {
  multicast::TopicId topic;
  multicast::PublisherId publisher = 0;
  multicast::Sequence first = 0;
  auto operator<=>(const BatchName&) const = default;
};

/// A batch under way from one broker to another.
struct CarriedBatch {
  enum class Purpose {
    kForReceiver,
    kToPassOn,  ///< to other regions; the receiver's has no use for it
  };
  BatchName name;
  Purpose purpose = Purpose::kForReceiver;
};

/// The batch that a frame between brokers of this cluster carries, when it does.
std::optional<CarriedBatch> batch_in(const Cluster& cluster, const overlay::Wire& wire);

}  // namespace phyllo::sim
