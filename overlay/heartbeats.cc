#include "overlay/heartbeats.h"

namespace phyllo::overlay {
namespace {

constexpr int kChecksPerHeartbeat = 2;
constexpr int kExchangeEvery = 8;       // heartbeats
constexpr double kOverTheBorder = .25;  // of the exchanges, where another ring is cheaper
constexpr int kLeftPatience = 3;        // silences
constexpr int kEdgeRounds = 3;          // the outermost leaves are asked this often,
constexpr int kEdgeEvery = 2;           // this many heartbeats apart

}  // namespace

void Heartbeats::start(Turn& turn) {
  const Duration heartbeat = view_.config.timers.heartbeat;
  next_ = turn.now + view_.random.around(heartbeat / kChecksPerHeartbeat, 0.5);
  exchange_at_ = turn.now + view_.random.around(kExchangeEvery * heartbeat, 0.5);
}

void Heartbeats::tick(Turn& turn) {
  const Timers& timers = view_.config.timers;
  if (right_due() <= turn.now) watch(turn, LeafSet::Side::kRight, timers.silence);
  if (next_ > turn.now) return;
  next_ = turn.now + timers.heartbeat / kChecksPerHeartbeat;
  if (!view_.member()) return;
  beat(turn);
  greet_left(turn);
  watch(turn, LeafSet::Side::kLeft, kLeftPatience * timers.silence);
  if (edges_to_ask_ > 0 && ask_edges_at_ <= turn.now) ask_edges(turn);
  if (exchange_at_ > turn.now) return;
  exchange_at_ = turn.now + view_.random.around(kExchangeEvery * timers.heartbeat, 0.5);
  const auto members = view_.leaves.members();
  if (members.empty()) return;
  prober_.probe(turn, partner(members), Prober::Purpose::kLeafSet);
}

Contact Heartbeats::partner(const std::vector<Contact>& members) {
  std::vector<Contact> choice = members;
  if (view_.elsewhere && !view_.random.chance(kOverTheBorder)) {
    std::erase_if(choice, [&](const Contact& one) { return one.region() != view_.self.region(); });
  }
  const auto& from = choice.empty() ? members : choice;
  return from[view_.random.below(from.size())];
}

Time Heartbeats::right_due() const {
  if (!view_.member() || view_.leaves.right().empty()) return kNever;
  const NodeId right = view_.leaves.right().front().id();
  if (prober_.open(right)) return kNever;
  const Peer* peer = view_.peers.find(right);
  return peer ? view_.heard(*peer) + view_.config.timers.silence : Time::min();
}

void Heartbeats::doubt_edges(Turn& turn) {
  edges_to_ask_ = kEdgeRounds;
  ask_edges_at_ = turn.now + kEdgeEvery * view_.config.timers.heartbeat;
}

void Heartbeats::ask_edges(Turn& turn) {
  --edges_to_ask_;
  ask_edges_at_ = turn.now + kEdgeEvery * view_.config.timers.heartbeat;
  for (const auto* side : {&view_.leaves.right(), &view_.leaves.left()}) {
    if (!side->empty()) prober_.probe(turn, side->back(), Prober::Purpose::kLeafSet);
  }
}

void Heartbeats::beat(Turn& turn) {
  if (view_.leaves.left().empty()) return;
  const Contact& left = view_.leaves.left().front();
  const Peer* peer = view_.peers.find(left.id());
  // Half a check early rather than half a check late.
  const Duration due =
      view_.config.timers.heartbeat * (2 * kChecksPerHeartbeat - 1) / (2 * kChecksPerHeartbeat);
  if (!peer || view_.sent(*peer) + due <= turn.now)
    view_.send(turn, left, Heartbeat{view_.active()});
}

/// A neighbour elsewhere that is there answers this, and is not probed then: what crosses borders
/// costs money. One that does not is probed no later than without it.
void Heartbeats::greet_left(Turn& turn) {
  if (view_.leaves.left().empty()) return;
  const Contact& left = view_.leaves.left().front();
  const Timers& timers = view_.config.timers;
  if (left.region() == view_.self.region() || prober_.open(left.id())) return;
  const Peer* peer = view_.peers.find(left.id());
  if (!peer) return;
  const Time due = view_.heard(*peer) + kLeftPatience * timers.silence;
  if (due - timers.heartbeat <= turn.now && turn.now < due) {
    prober_.probe(turn, left, Prober::Purpose::kTable);
  }
}

void Heartbeats::watch(Turn& turn, LeafSet::Side side, Duration silence) {
  const auto& members = view_.leaves.side(side);
  if (members.empty()) return;
  const Peer* peer = view_.peers.find(members.front().id());
  if (!peer || view_.heard(*peer) + silence <= turn.now) {
    // The left neighbour has nothing to tell us unasked: its silence is no reason for suspicion.
    if (side == LeafSet::Side::kRight) {
      prober_.doubt(turn, members.front(), Prober::Purpose::kLeafSet);
    } else {
      prober_.probe(turn, members.front(), Prober::Purpose::kLeafSet);
    }
  }
}

}  // namespace phyllo::overlay
