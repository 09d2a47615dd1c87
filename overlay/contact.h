#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "overlay/id.h"
#include "overlay/known_place.h"

namespace phyllo::overlay {

/// Which life of a node this is. A node that restarts with its id has a higher incarnation; it
/// learns from its peers what the last one was, so no clock and no file is needed.
using Incarnation = std::uint64_t;
/// Nobody lives that often: a higher one is a lie, and is malformed on the wire.
inline constexpr Incarnation kMaxIncarnation = Incarnation{1} << 62;

/// What one node knows of another: who it is, which life, where. A value; copying shares the
/// immutable place.
class Contact {
 public:
  Contact(NodeId id, Incarnation incarnation, Place place)
      : id_(id),
        incarnation_(incarnation),
        place_(std::make_shared<const KnownPlace>(std::move(place))) {}
  /// At a place that others stand at or are known at too; not null.
  static Contact at(std::shared_ptr<const KnownPlace> place, NodeId id, Incarnation incarnation) {
    return Contact(std::move(place), id, incarnation);
  }

  NodeId id() const { return id_; }
  Incarnation incarnation() const { return incarnation_; }
  const Place& place() const { return place_->place(); }
  /// The same with its bytes; contacts may share it.
  const std::shared_ptr<const KnownPlace>& known_place() const { return place_; }
  const std::string& region() const { return place().region; }

  /// The same node in a later life.
  Contact reborn(Incarnation incarnation) const {
    Contact next = *this;
    next.incarnation_ = incarnation;
    return next;
  }
  /// The endpoint a node of region `from` uses to reach this one.
  const Endpoint& endpoint_from(const std::string& from) const {
    return from == place().region ? place().local : place().wan;
  }

  bool operator==(const Contact& other) const {
    return id_ == other.id_ && incarnation_ == other.incarnation_ &&
           (place_ == other.place_ || place_->wire() == other.place_->wire());
  }

 private:
  Contact(std::shared_ptr<const KnownPlace> place, NodeId id, Incarnation incarnation)
      : id_(id), incarnation_(incarnation), place_(std::move(place)) {}

  NodeId id_;
  Incarnation incarnation_;
  std::shared_ptr<const KnownPlace> place_;
};

}  // namespace phyllo::overlay
