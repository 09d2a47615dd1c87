#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "base/time.h"
#include "sim/network/station.h"

namespace phyllo::sim {

/// A connection that one process made to another.
struct Link {
  StationId peer;
  std::uint32_t peer_life;
  std::uint64_t number;  // another one after a break
  Time last_arrival;
};

/// The connections of one process. Small, for there are many of them in a large run; and every
/// message looks for one.
class Links {
 public:
  /// nullptr when there is none to this peer.
  const Link* find(StationId peer) const {
    if (slots_.empty()) return nullptr;
    const Link& found = slots_[slot_of(peer)];
    return found.peer == peer ? &found : nullptr;
  }
  Link* find(StationId peer) { return const_cast<Link*>(std::as_const(*this).find(peer)); }
  /// There is none to its peer yet. Valid until the next call that changes them.
  Link& add(const Link& link) {
    if (count_ == room_) make_room(link.last_arrival);
    ++count_;
    return slots_[slot_of(link.peer)] = link;
  }
  /// False when there was none.
  bool erase(StationId peer) {
    const Link* found = find(peer);
    if (!found) return false;
    close_gap(static_cast<std::size_t>(found - slots_.data()));
    --count_;
    ++changes_;
    return true;
  }
  /// There must be one.
  void renumber(StationId peer, std::uint64_t number) {
    find(peer)->number = number;
    ++changes_;
  }
  /// Nothing is left here.
  Links take_all() {
    Links all = std::exchange(*this, Links());
    changes_ = all.changes_ + 1;
    return all;
  }
  /// How often one of them was lost or broke.
  std::uint32_t changes() const { return changes_; }
  /// Brings what `find` looks at near the processor.
  void foresee(StationId peer) const {
    if (!slots_.empty()) __builtin_prefetch(&slots_[first_slot_of(peer)]);
  }

 private:
  /// Who has that many connections closes those that were idle for so long before taking more.
  static constexpr std::size_t kMany = 64;
  static constexpr Duration kIdle = std::chrono::minutes(2);
  static constexpr Link kFree{UINT32_MAX, 0, 0, {}};

  std::size_t first_slot_of(StationId peer) const {
    return static_cast<std::size_t>(std::uint64_t{peer * 0x9e3779b1u} * slots_.size() >> 32);
  }
  /// Where the connection stands, or would stand.
  std::size_t slot_of(StationId peer) const {
    std::size_t slot = first_slot_of(peer);
    while (slots_[slot].peer != peer && slots_[slot].peer != kFree.peer) slot = after(slot);
    return slot;
  }
  std::size_t after(std::size_t slot) const { return slot + 1 == slots_.size() ? 0 : slot + 1; }

  /// Moves those up that are looked for by way of the slot.
  void close_gap(std::size_t gap) {
    for (std::size_t slot = after(gap); slots_[slot].peer != kFree.peer; slot = after(slot)) {
      const std::size_t first = first_slot_of(slots_[slot].peer);
      const bool between = gap < slot ? gap < first && first <= slot : gap < first || first <= slot;
      if (between) continue;
      slots_[gap] = slots_[slot];
      gap = slot;
    }
    slots_[gap] = kFree;
  }
  void make_room(Time now) {
    const bool closes = count_ >= kMany;
    std::vector<Link> all = std::exchange(slots_, {});
    const auto stays = [&](const Link& link) {
      return link.peer != kFree.peer && !(closes && link.last_arrival + kIdle < now);
    };
    const auto left = static_cast<std::size_t>(std::count_if(all.begin(), all.end(), stays));
    if (left < count_) ++changes_;
    count_ = left;
    if (count_ * 8 >= room_ * 7) room_ = count_ + count_ / 4 + 8;
    slots_.assign(room_ + room_ / 4 + 1, kFree);
    for (const Link& link : all) {
      if (stays(link)) slots_[slot_of(link.peer)] = link;
    }
  }

  std::vector<Link> slots_;  // by hash, four of five taken at most
  std::size_t count_ = 0;
  std::size_t room_ = 0;
  std::uint32_t changes_ = 0;
};

}  // namespace phyllo::sim
