#pragma once

#include <compare>

#include "overlay/id.h"

namespace phyllo::overlay {

/// The keys from `first` clockwise to `last`, both included; it may wrap around zero and is never
/// empty. The whole ring is any range whose `last` lies just before its `first`.
struct KeyRange {
  Key first;
  Key last;

  bool contains(Key key) const { return clockwise(first, key) <= clockwise(first, last); }
  bool operator==(const KeyRange&) const = default;
};

/// The last key that belongs to `left` rather than to `right`, its clockwise neighbour: the middle
/// between them, which by `closer` is still `left`'s.
inline Key border(NodeId left, NodeId right) {
  const Uint128 gap = left == right ? ~Uint128{0} : clockwise(left, right);
  return Key(left.value() + gap / 2);
}

/// The keys whose root is `node`, between its neighbours `left` and `right` (`node` itself where it
/// is alone on the ring).
inline KeyRange range_between(NodeId left, NodeId node, NodeId right) {
  return {Key(border(left, node).value() + 1), border(node, right)};
}

}  // namespace phyllo::overlay
