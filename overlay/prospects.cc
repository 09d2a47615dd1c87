#include "overlay/prospects.h"

#include <algorithm>
#include <array>
#include <utility>

namespace phyllo::overlay {
namespace {

/// One for each digit, the nearest.
class BestOfRow {
 public:
  explicit BestOfRow(int row) : row_(row) {}

  void offer(const Contact& contact, Duration distance) {
    Best& slot = best_[static_cast<std::size_t>(contact.id().digit(row_))];
    if (!slot.contact || distance < slot.distance) slot = {&contact, distance};
  }
  /// By digit.
  void append_to(std::vector<Contact>& out) const {
    for (const Best& one : best_) {
      if (one.contact) out.push_back(*one.contact);
    }
  }

 private:
  struct Best {
    const Contact* contact = nullptr;
    Duration distance{};
  };

  int row_;
  std::array<Best, kDigitValues> best_;
};

}  // namespace

Coordinate coordinate_at(const std::vector<Coordinate>& coordinates, std::size_t index) {
  return index < coordinates.size() ? coordinates[index] : Coordinate();
}

std::vector<Contact> row_for(const View& view, int row, const Asker& asker) {
  if (!asker.coordinate.known()) return view.table.row(row);
  BestOfRow best(row);
  const auto offer = [&](const Contact& contact, const Coordinate& there) {
    if (contact.id() == asker.id) return;
    const Duration likely = predicted(asker.coordinate, there);
    best.offer(contact, likely == Duration::zero() ? Duration::max() : likely);
  };
  for (const Contact& entry : view.table.row(row)) offer(entry, view.coordinate(entry.id()));
  for (const Peer& peer : view.peers.all()) {
    if (!peer.spoke || peer.suspected || !peer.coordinate.known()) continue;
    if (shared_digits(view.self.id(), peer.contact.id()) != row) continue;
    offer(peer.contact, peer.coordinate);
  }
  std::vector<Contact> found;
  best.append_to(found);
  return found;
}

void add_rows(const View& view, NodeId joiner, JoinRequest& request) {
  const auto add = [&](const Contact& contact) {
    auto& rows = request.rows;
    const bool listed = std::any_of(rows.begin(), rows.end(),
                                    [&](const Contact& c) { return c.id() == contact.id(); });
    if (listed || contact.id() == joiner || rows.size() == kMaxContacts) return;
    rows.push_back(contact);
    request.coordinates.resize(rows.size() - 1);
    request.coordinates.push_back(view.coordinate(contact.id()));
  };
  add(view.self);
  for (int row = 0; row <= shared_digits(joiner, view.self.id()); ++row) {
    for (const Contact& contact : row_for(view, row, {joiner, request.coordinate})) add(contact);
  }
}

std::vector<Contact> likeliest_entries(const View& view, const std::vector<Contact>& candidates,
                                       const std::vector<Coordinate>& coordinates) {
  std::vector<BestOfRow> rows;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    const Contact& candidate = candidates[i];
    if (candidate.id() == view.self.id()) continue;
    const auto row = static_cast<std::size_t>(view.table.row_of(candidate.id()));
    while (rows.size() <= row) rows.emplace_back(static_cast<int>(rows.size()));
    rows[row].offer(candidate, view.likely_proximity(candidate, coordinate_at(coordinates, i)));
  }
  std::vector<Contact> found;
  for (const BestOfRow& row : rows) row.append_to(found);
  return found;
}

}  // namespace phyllo::overlay
