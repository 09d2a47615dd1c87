#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "overlay/contact.h"

namespace phyllo::overlay {

/// The nodes next to the owner on the ring: the l/2 nearest clockwise (right) and the l/2 nearest
/// counter-clockwise (left). Holds only what it is given; knows nothing of time or liveness.
///
/// As long as both sides are not full of different nodes the owner knows the whole ring, and a node
/// may stand on both sides. From then on it knows an arc, and removals leave holes until
/// `assume_whole_ring` or new insertions: filling a side from the other one would let the owner of
/// a half-dead leaf set claim keys that belong to nodes it has not heard of.
class LeafSet {
 public:
  enum class Side { kLeft, kRight };

  /// `size` is l, even and positive.
  LeafSet(NodeId owner, std::size_t size);

  NodeId owner() const { return owner_; }
  /// Nearest first.
  const std::vector<Contact>& side(Side side) const { return side == Side::kLeft ? left_ : right_; }
  const std::vector<Contact>& left() const { return left_; }
  const std::vector<Contact>& right() const { return right_; }
  /// Each member once: the right side nearest first, then the rest of the left side.
  std::vector<Contact> members() const;
  /// Distinct members.
  std::size_t size() const;
  bool empty() const { return left_.empty() && right_.empty(); }
  /// nullptr when `id` is no member.
  const Contact* find(NodeId id) const;
  /// Whether `id` is the first on either side.
  bool next_to_owner(NodeId id) const;

  /// Whether inserting `id` would change anything, were it not a member yet.
  bool wants(NodeId id) const;
  /// Puts the contact where it belongs, pushing the farthest out; takes the place of an earlier
  /// life. False when nothing changed.
  bool insert(const Contact& contact);
  /// False when it was no member. A side that becomes empty is broken until `mend`.
  bool remove(NodeId id);

  /// Counts changes.
  std::uint64_t version() const { return version_; }

  /// A broken side lost all its members; what came since is a guess, and no key on that side is
  /// covered.
  bool broken(Side side) const { return side == Side::kLeft ? left_broken_ : right_broken_; }
  bool broken() const { return left_broken_ || right_broken_; }
  /// The guesses were confirmed.
  void mend() { left_broken_ = right_broken_ = false; }

  bool whole_ring() const { return whole_ring_; }
  /// Nothing but these members was found: let a node stand on both sides again.
  void assume_whole_ring();
  /// Both sides are full, or the members are the whole ring.
  bool complete() const;
  /// Whether the root of `key` is certainly the owner or a member.
  bool covers(Key key) const;

 private:
  const Contact* find_on(Side side, NodeId id) const;
  bool belongs(Side side, NodeId id) const;
  bool wants_on(Side side, NodeId id) const;
  /// Puts it there, or in the place of its earlier life.
  bool insert_on(Side side, const Contact& contact);
  void notice_growth();
  void refill();

  NodeId owner_;
  std::size_t half_;
  std::vector<Contact> left_;
  std::vector<Contact> right_;
  std::uint64_t version_ = 0;
  bool whole_ring_ = true;
  bool left_broken_ = false;
  bool right_broken_ = false;
};

}  // namespace phyllo::overlay
