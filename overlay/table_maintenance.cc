#include "overlay/table_maintenance.h"

#include <algorithm>

namespace phyllo::overlay {
namespace {

constexpr std::size_t kMaxOpenProbes = 128;
constexpr int kSweepsPerInterval = 4;
constexpr int kFirstExchanges = 9;       // each after twice the time of the one before
constexpr double kNearerBy = 0.998;      // as far is not nearer
constexpr std::size_t kFewEntries = 4;   // in a row: the leaf set knows those who belong there
constexpr std::size_t kAskedOfARow = 8;  // one of the nearest, a near one rather than a far one
constexpr std::size_t kMaxQuestions = 16;

std::uint64_t lot(NodeId self, NodeId other) {
  const Uint128 mixed = self.value() ^ other.value();
  std::uint64_t state = static_cast<std::uint64_t>(mixed >> 64) * 0x9e3779b97f4a7c15u;
  state = (state ^ (state >> 29) ^ static_cast<std::uint64_t>(mixed)) * 0xbf58476d1ce4e5b9u;
  return state ^ (state >> 32);
}

/// Of two that are as near, each node prefers another one, and always the same: or those known
/// longest would be in the tables of all their neighbours.
bool drawn_before(NodeId self, NodeId one, NodeId other) {
  return lot(self, one) > lot(self, other);
}

}  // namespace

void TableMaintenance::start(Turn& turn) {
  failures_ = FailureRate(turn.now);
  const Timers& timers = view_.config.timers;
  sweep_at_ = turn.now + view_.random.around(timers.table_probe / kSweepsPerInterval, 0.5);
  exchange_every_ = timers.table_maintenance / (1 << kFirstExchanges);
  exchange_at_ = turn.now + view_.random.around(exchange_every_, 0.5);
  hole_repair_from_ = massive_failure_until_ = turn.now;
}

void TableMaintenance::consider(Turn& turn, const Contact& contact, Duration at_least) {
  if (contact.id() == view_.self.id() || view_.table.find(contact.id())) return;
  if (const Contact* gone = view_.past.find(contact.id());
      gone && gone->incarnation() >= contact.incarnation()) {
    return;
  }
  const Peer* peer = view_.peers.find(contact.id());
  if (peer && peer->round_trip.measured() && !peer->suspected) return offer(peer->contact);
  const Contact* occupant = view_.table.occupant(contact.id());
  if (occupant && view_.proximity(occupant->id()) <= at_least) return;
  if (prober_.size() < kMaxOpenProbes) {
    prober_.probe(turn, contact, Prober::Purpose::kMeasure);
  }
}

void TableMaintenance::offer(const Contact& member) {
  const Contact* occupant = view_.table.occupant(member.id());
  if (!occupant) return view_.table.put(member);
  if (occupant->id() == member.id()) {
    if (occupant->incarnation() < member.incarnation()) view_.table.put(member);
    return;
  }
  const auto far = static_cast<double>(view_.proximity(occupant->id()).count());
  const auto near = static_cast<double>(view_.proximity(member.id()).count());
  const bool drawn = near <= far && drawn_before(view_.self.id(), member.id(), occupant->id());
  if (drawn || near < kNearerBy * far) view_.table.put(member);
}

void TableMaintenance::announce(Turn& turn, Peer& peer) {
  if (!peer.spoke || !peer.to_be_told) return;
  peer.to_be_told = false;
  view_.send(turn, Contact(peer.contact),
             Measured{peer.round_trip.smoothed(), view_.position.told()});
}

void TableMaintenance::announce_all(Turn& turn) {
  std::vector<NodeId> all;  // sending may move them
  for (const Peer& peer : view_.peers.all()) all.push_back(peer.contact.id());
  for (const NodeId id : all) announce(turn, *view_.peers.find(id));
}

void TableMaintenance::hole_met(Turn& turn, Key key, const Contact& via) {
  if (turn.now < hole_repair_from_) return;
  hole_repair_from_ = turn.now + view_.config.timers.heartbeat;
  ask_row(turn, static_cast<std::uint32_t>(shared_digits(view_.self.id(), key)), via);
}

void TableMaintenance::ask_row(Turn& turn, std::uint32_t row, const Contact& whom) {
  if (questions_.size() == kMaxQuestions) questions_.erase(questions_.begin());
  questions_.push_back(view_.random.next());
  view_.send(turn, whom, Ask{questions_.back(), AskRow{row}, view_.position.told()});
}

bool TableMaintenance::answered(Turn& turn, const Contact& from, const Answer& answer) {
  if (std::erase(questions_, answer.nonce) == 0) return false;
  for (std::size_t i = 0; i < answer.contacts.size(); ++i) {
    const Contact& contact = answer.contacts[i];
    consider(turn, contact, view_.least_proximity(contact, answer.round_trip(i), from.id()));
  }
  return true;
}

void TableMaintenance::failed(Turn& turn, Failed what) {
  if (turn.now < massive_failure_until_) return;
  failures_.failed(turn.now);
  if (what != Failed::kLeaf) return;
  const std::size_t lately = failures_.since(turn.now - view_.config.timers.silence);
  if (lately * 10 < view_.config.leaf_set_size * 3 || lately < 2) return;
  failures_ = FailureRate(turn.now);
  massive_failure_until_ = turn.now + 4 * view_.config.timers.silence;
  probe_idle(turn, view_.config.timers.heartbeat);
}

void TableMaintenance::probe_idle(Turn& turn, Duration longest_silence) {
  for (const Contact& contact : view_.table.entries()) {
    const Peer* peer = view_.peers.find(contact.id());
    if (!peer || view_.heard(*peer) + longest_silence <= turn.now) {
      prober_.probe(turn, contact, Prober::Purpose::kTable);
    }
  }
}

Duration TableMaintenance::tuned_interval(Time now) const {
  const std::size_t watched = view_.leaves.size() + view_.table.size();
  return tuned_probe_interval(view_.config.timers, estimate_ring_size(view_.leaves),
                              failures_.per_second(now, watched));
}

void TableMaintenance::tick(Turn& turn) {
  if (sweep_at_ <= turn.now) {
    const Duration interval = tuned_interval(turn.now);
    probe_idle(turn, interval);
    sweep_at_ = turn.now + view_.random.around(interval / kSweepsPerInterval, 0.5);
  }
  if (exchange_at_ > turn.now) return;
  exchange_at_ = turn.now + view_.random.around(exchange_every_, 0.5);
  view_.settle();
  exchange_every_ = std::min(2 * exchange_every_, view_.config.timers.table_maintenance);
  for (int row = 0; row < view_.table.rows(); ++row) exchange_row(turn, row);
}

void TableMaintenance::exchange_row(Turn& turn, int row) {
  auto entries = view_.table.row(row);
  if (entries.size() < kFewEntries) return;
  // Whoever is near has entries that are near for us too; but not the same one every time.
  const auto nearer = [&](const Contact& a, const Contact& b) {
    return view_.proximity(a.id()) < view_.proximity(b.id());
  };
  std::sort(entries.begin(), entries.end(), nearer);
  const std::size_t choice = std::min(entries.size(), kAskedOfARow);
  const auto place = std::min(view_.random.below(choice), view_.random.below(choice));
  ask_row(turn, static_cast<std::uint32_t>(row), entries[place]);
}

Time TableMaintenance::next_tick() const { return std::min(sweep_at_, exchange_at_); }

}  // namespace phyllo::overlay
