#pragma once

#include <cstddef>
#include <deque>
#include <vector>

#include "regions/borders_state.h"
#include "regions/convoy.h"

namespace phyllo::regions {

/// What the root of another region has acknowledged lately: one that dies may have taken some with
/// it that nobody there has seen. Bounded in time, in bytes, and in bytes over all crossings; what
/// is oldest goes first.
class Receipts {
 public:
  explicit Receipts(BordersState& state) : state_(state) {}

  struct Kept {
    Ordinal ordinal = 0;
    multicast::Batch batch;
    Time since;  ///< it waits for crossing the border
  };
  void add(Time now, Kept kept);
  /// Removes everything and returns what is young enough, oldest first.
  std::vector<Kept> take(Time now);
  void clear();

 private:
  struct Entry {
    Kept kept;
    Time acknowledged;
  };
  void drop_oldest();

  BordersState& state_;
  std::deque<Entry> entries_;  ///< oldest first
  std::size_t bytes_ = 0;
};

}  // namespace phyllo::regions
