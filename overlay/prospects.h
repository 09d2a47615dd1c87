#pragma once

#include <cstddef>
#include <vector>

#include "overlay/messages.h"
#include "overlay/view.h"

// Who may be near whom, by what is said of where they are; nobody is asked.

namespace phyllo::overlay {

/// Unknown where there are not as many.
Coordinate coordinate_at(const std::vector<Coordinate>& coordinates, std::size_t index);

struct Asker {
  NodeId id;
  Coordinate coordinate;
};
/// Of all whom this node knows in one of its rows, for each digit who is likely to be the nearest
/// to the asker; the table's entries when nothing is known of where that is.
std::vector<Contact> row_for(const View& view, int row, const Asker& asker);

/// Adds this node and whom it knows of rows that the joiner's table will have as well.
void add_rows(const View& view, NodeId joiner, JoinRequest& request);

/// For each slot of this node's table one of these, the likely nearest; of those about whom nothing
/// is known the first. `coordinates`: as many, or none.
std::vector<Contact> likeliest_entries(const View& view, const std::vector<Contact>& candidates,
                                       const std::vector<Coordinate>& coordinates);

}  // namespace phyllo::overlay
