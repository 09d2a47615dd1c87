#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "overlay/endpoint.h"
#include "overlay/id.h"

namespace phyllo::overlay {

/// Which life of a node this is. A node that restarts with its id has a higher incarnation; it
/// learns from its peers what the last one was, so no clock and no file is needed.
using Incarnation = std::uint64_t;
/// Nobody lives that often: a higher one is a lie, and is malformed on the wire.
inline constexpr Incarnation kMaxIncarnation = Incarnation{1} << 62;

/// Where a node can be reached.
struct Place {
  std::string region;
  Endpoint local;  ///< used by peers of the same region
  Endpoint wan;    ///< used by everybody else
  bool operator==(const Place&) const = default;
};

/// What one node knows of another: who it is, which life, where. A value; copying shares the
/// immutable place.
class Contact {
 public:
  Contact(NodeId id, Incarnation incarnation, Place place)
      : id_(id),
        incarnation_(incarnation),
        place_(std::make_shared<const Place>(std::move(place))) {}
  /// At a place that others stand at or are known at too; not null.
  static Contact at(std::shared_ptr<const Place> place, NodeId id, Incarnation incarnation) {
    return Contact(std::move(place), id, incarnation);
  }

  NodeId id() const { return id_; }
  Incarnation incarnation() const { return incarnation_; }
  const Place& place() const { return *place_; }
  const std::string& region() const { return place_->region; }

  /// The same node in a later life.
  Contact reborn(Incarnation incarnation) const {
    Contact next = *this;
    next.incarnation_ = incarnation;
    return next;
  }
  /// The endpoint a node of region `from` uses to reach this one.
  const Endpoint& endpoint_from(const std::string& from) const {
    return from == place_->region ? place_->local : place_->wan;
  }

  bool operator==(const Contact& other) const {
    return id_ == other.id_ && incarnation_ == other.incarnation_ &&
           (place_ == other.place_ || *place_ == *other.place_);
  }

 private:
  Contact(std::shared_ptr<const Place> place, NodeId id, Incarnation incarnation)
      : id_(id), incarnation_(incarnation), place_(std::move(place)) {}

  NodeId id_;
  Incarnation incarnation_;
  std::shared_ptr<const Place> place_;
};

}  // namespace phyllo::overlay
