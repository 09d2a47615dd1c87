#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "base/time.h"
#include "overlay/contact.h"
#include "overlay/coordinate.h"
#include "overlay/round_trip.h"

namespace phyllo::overlay {

/// What a node knows of one other that it talks with.
struct Peer {
  Contact contact;
  Time heard;  ///< its last message of this life; the time it was first sent something before that
  Time sent;   ///< the last message to it
  RoundTrip round_trip{};
  Coordinate coordinate{};  ///< what it said last
  bool spoke = false;       ///< it was heard of in this life
  bool active = false;      ///< it said so
  bool suspected = false;   ///< something sent to it was not answered in time; not a verdict
  bool to_be_told = false;  ///< how far away it is: this node may earn a slot of its table
};

/// Everybody a node talks with, whatever their place in its leaf set and table. Bounded: beyond the
/// limit strangers are answered but not remembered. Pointers hold until somebody else is met or
/// forgotten.
class Peers {
 public:
  static constexpr std::size_t kLimit = 4096;

  /// nullptr for a stranger.
  Peer* find(NodeId id);
  const Peer* find(NodeId id) const;
  /// Brings its place in the index near the processor.
  void foresee(NodeId id) const;
  /// The record of this peer in this life, made if need be; nullptr beyond the limit.
  Peer* meet(const Contact& contact, Time now);
  void forget(NodeId id);
  /// Forgets those not heard of or sent to since `before`, unless `keep` says otherwise. Those of
  /// them that spoke, and were not suspected when they did no more.
  std::vector<Contact> forget_idle(Time before, const std::function<bool(NodeId)>& keep);
  std::size_t size() const { return peers_.size(); }
  /// In an order that is the same in every run, and means nothing.
  const std::vector<Peer>& all() const { return peers_; }

 private:
  using Place = std::uint16_t;
  static constexpr Place kNobody = 0xffff;
  static_assert(kLimit < kNobody);

  /// Where in the index this id is looked for first.
  std::size_t first_slot_of(NodeId id) const;
  /// Where it stands, or would stand.
  std::size_t slot_of(NodeId id) const;
  void index_anew();

  // Most of a node's memory: the records lie close together, the index holds only their places.
  std::vector<Peer> peers_;
  std::vector<Place> index_;  // by hash, at most half of it taken; empty or a power of two
};

}  // namespace phyllo::overlay
