#include "overlay/node.h"

#include <algorithm>
#include <utility>

#include "overlay/node_impl.h"

namespace phyllo::overlay {

using State = StateChanged::State;

namespace {

constexpr std::size_t kCacheLine = 64;  // where it is longer, the hint is given twice

}  // namespace

// --- the parts together ---

Node::Impl::Impl(NodeConfig config, Contact self, std::uint64_t seed)
    : view_(std::move(config), std::move(self), seed),
      prober_(view_),
      hops_(view_, prober_),
      join_(view_, prober_),
      admission_(view_, prober_),
      table_(view_, prober_),
      repair_(view_, prober_),
      heartbeats_(view_, prober_),
      identity_(view_),
      healing_(view_, prober_, repair_) {}

bool Node::Impl::running() const {
  return view_.state != State::kDead && view_.state != State::kLeft &&
         view_.state != State::kResigned;
}

void Node::Impl::start(Turn turn, std::vector<Endpoint> seeds) {
  if (view_.state != State::kDead) return;
  last_call_ = turn.now;
  hops_.start(turn);
  heartbeats_.start(turn);
  table_.start(turn);
  healing_.start(turn);
  join_.start(turn, std::move(seeds));
  settle(turn);
}

void Node::Impl::leave(Turn turn) {
  if (!running()) return;
  const Leaving goodbye{view_.leaves.members()};
  if (view_.member()) {
    for (const Contact& neighbor : view_.neighbors()) view_.send(turn, neighbor, goodbye);
  }
  hops_.abandon(turn);
  view_.enter(turn, State::kLeft, "");
}

void Node::Impl::dialed(Turn turn, const Endpoint& endpoint, const Contact& found) {
  if (!running()) return;
  notice_pause(turn);
  if (found.id() == view_.self.id()) identity_.meet_rival(turn, found);
  join_.dialed(turn, endpoint, found);
  if (view_.member() && found.id() != view_.self.id() && !view_.neighbor(found.id())) {
    meet_stranger(turn, found);
  }
  settle(turn);
}

void Node::Impl::dial_failed(Turn turn, const Endpoint&) {
  if (!running()) return;
  notice_pause(turn);  // the endpoint is dialed again by and by
  settle(turn);
}

void Node::Impl::disconnected(Turn turn, NodeId id) {
  if (!running()) return;
  notice_pause(turn);
  if (const Peer* peer = view_.peers.find(id)) {
    const Contact contact = peer->contact;
    prober_.link_broke(turn, contact,
                       view_.leaves.find(id) ? Prober::Purpose::kLeafSet : Prober::Purpose::kTable);
  }
  settle(turn);
}

void Node::Impl::introduce(Turn turn, const Contact& stranger) {
  if (!running() || view_.is_here(stranger)) return;
  notice_pause(turn);
  join_.introduced(turn, stranger);
  if (view_.member() && !view_.neighbor(stranger.id())) meet_stranger(turn, stranger);
  settle(turn);
}

void Node::Impl::live_as(Turn turn, Incarnation incarnation) {
  if (!running() || incarnation <= view_.self.incarnation()) return;
  view_.self = view_.self.reborn(incarnation);
  reborn(turn);
  settle(turn);
}

void Node::Impl::doubt(Turn turn, NodeId id) {
  if (!running() || !view_.living(id)) return;
  const Contact contact = view_.living(id)->contact;
  prober_.confirm(turn, contact,
                  view_.leaves.find(id) ? Prober::Purpose::kLeafSet : Prober::Purpose::kTable);
  settle(turn);
}

void Node::Impl::tick(Turn turn) {
  if (!running()) return;
  notice_pause(turn);
  prober_.tick(turn);
  hops_.tick(turn);
  join_.tick(turn);
  admission_.tick(turn);
  repair_.tick(turn);
  heartbeats_.tick(turn);
  if (identity_.tick(turn)) reborn(turn);
  if (view_.member()) {
    table_.tick(turn);
    healing_.tick(turn, join_.seeds());
  }
  if (forget_at_ <= turn.now) {
    const Duration idle = 20 * view_.config.timers.silence;
    forget_at_ = turn.now + idle;
    const auto forgotten = view_.peers.forget_idle(turn.now - idle, [&](NodeId id) {
      return view_.neighbor(id) || prober_.open(id) || hops_.waits_for(id);
    });
    for (const Contact& contact : forgotten) view_.acquaintances.add(contact);
  }
  settle(turn);
}

Time Node::Impl::next_tick() const {
  if (!running()) return kNever;
  Time next = std::min({prober_.next_tick(), hops_.next_tick(), join_.next_tick(),
                        admission_.next_tick(), repair_.next_tick(), identity_.next_tick(),
                        last_call_ + view_.config.timers.pause / 2});
  if (view_.member()) {
    next = std::min({next, heartbeats_.next_tick(), table_.next_tick(), healing_.next_tick()});
  }
  return next;
}

void Node::Impl::notice_pause(Turn& turn) {
  const Duration since = turn.now - std::exchange(last_call_, turn.now);
  if (since <= view_.config.timers.pause || !view_.member()) return;
  ++view_.stats.rejoins;
  const auto slept = std::chrono::duration_cast<std::chrono::milliseconds>(since).count();
  view_.enter(turn, State::kWaiting, "this process slept for " + std::to_string(slept) + " ms");
  prober_.start_over(turn);
  probe_leaves(turn);
}

void Node::Impl::settle(Turn& turn) {
  while (running() && settle_once(turn)) {
  }
}

bool Node::Impl::settle_once(Turn& turn) {
  bool news = false;
  for (const auto& silent : prober_.take_silent()) {
    news = true;
    this->silent(turn, silent);
  }
  conclude(turn);
  report_leaves(turn);
  for (Parcel& parcel : hops_.take_arrivals()) {
    news = true;
    arrive(turn, std::move(parcel));
  }
  if (const auto hole = hops_.take_hole()) table_.hole_met(turn, hole->key, hole->via);
  if (!view_.active()) return news;
  for (Parcel& parcel : admission_.take_next()) {
    news = true;
    arrive(turn, std::move(parcel));
  }
  return news;
}

void Node::Impl::send_toward(Turn turn, Key key, AppMessage message) {
  forward(turn, Arrived{key, view_.self, view_.self, 0, false, std::move(message), std::nullopt});
}

void Node::Impl::forward(Turn turn, Arrived arrival) {
  if (!running()) {
    turn.out.push_back(
        Undelivered{arrival.key, std::move(arrival.message), Undelivered::Reason::kLeaving});
    return;
  }
  notice_pause(turn);
  hops_.send(turn,
             Parcel{arrival.key, std::move(arrival.origin), view_.self, arrival.hops,
                    std::move(arrival.message)},
             arrival.redirect);
  settle(turn);
}

void Node::Impl::send_direct(Turn turn, const Contact& to, AppMessage message) {
  if (!running()) return;
  if (to.id() == view_.self.id()) {
    turn.out.push_back(Received{view_.self, std::move(message)});
    return;
  }
  view_.send(turn, to, Direct{std::move(message)});
}

bool Node::Impl::is_root(Key key) const {
  return view_.active() && view_.route_to(key).kind == Route::Kind::kHere;
}

void Node::Impl::foresee(NodeId from) const {
  view_.peers.foresee(from);
  if (!view_.leaves.right().empty()) __builtin_prefetch(&view_.leaves.right().front());
  if (!view_.leaves.left().empty()) __builtin_prefetch(&view_.leaves.left().front());
}

NodeStats Node::Impl::stats() const {
  NodeStats stats = view_.stats;
  stats.leaf_set_size = view_.leaves.size();
  stats.table_entries = view_.table.size();
  stats.buffered_bytes = hops_.buffered_bytes();
  return stats;
}

// --- the front door ---

Node::Node(NodeConfig config, Contact self, std::uint64_t seed)
    : impl_(std::make_unique<Impl>(std::move(config), std::move(self), seed)) {}
Node::~Node() = default;
Node::Node(Node&&) noexcept = default;

void Node::start(Time now, std::vector<Endpoint> seeds, Effects& out) {
  impl_->start({now, out}, std::move(seeds));
}
void Node::leave(Time now, Effects& out) { impl_->leave({now, out}); }
void Node::receive(Time now, const Contact& from, Message message, Effects& out) {
  impl_->receive({now, out}, from, std::move(message));
}
void Node::dialed(Time now, const Endpoint& endpoint, const Contact& found, Effects& out) {
  impl_->dialed({now, out}, endpoint, found);
}
void Node::dial_failed(Time now, const Endpoint& endpoint, Effects& out) {
  impl_->dial_failed({now, out}, endpoint);
}
void Node::disconnected(Time now, NodeId peer, Effects& out) {
  impl_->disconnected({now, out}, peer);
}
void Node::share_evidence(const Node& other) { impl_->share_evidence(*other.impl_); }
void Node::introduce(Time now, const Contact& stranger, Effects& out) {
  impl_->introduce({now, out}, stranger);
}
void Node::found_by(Time when) { impl_->found_by(when); }
void Node::live_as(Time now, Incarnation incarnation, Effects& out) {
  impl_->live_as({now, out}, incarnation);
}
void Node::foresee(NodeId from, int step) const {
  if (step > 0) return impl_->foresee(from);
  const auto* bytes = reinterpret_cast<const char*>(impl_.get());
  for (std::size_t at = 0; at < sizeof(Impl); at += kCacheLine) __builtin_prefetch(bytes + at);
}
void Node::doubt(Time now, NodeId peer, Effects& out) { impl_->doubt({now, out}, peer); }
void Node::tick(Time now, Effects& out) { impl_->tick({now, out}); }
Time Node::next_tick() const { return impl_->next_tick(); }

void Node::send_toward(Time now, Key key, AppMessage message, Effects& out) {
  impl_->send_toward({now, out}, key, std::move(message));
}
void Node::forward(Time now, Arrived arrival, Effects& out) {
  impl_->forward({now, out}, std::move(arrival));
}
void Node::send_direct(Time now, const Contact& to, AppMessage message, Effects& out) {
  impl_->send_direct({now, out}, to, std::move(message));
}

const Contact& Node::self() const { return impl_->view().self; }
State Node::state() const { return impl_->view().state; }
bool Node::is_root(Key key) const { return impl_->is_root(key); }
std::optional<Contact> Node::next_hop(Key key) const { return impl_->view().route_to(key).next; }
std::vector<Contact> Node::left_leaves() const { return impl_->view().leaves.left(); }
std::vector<Contact> Node::right_leaves() const { return impl_->view().leaves.right(); }
std::vector<Contact> Node::routing_table() const { return impl_->view().table.entries(); }

std::vector<Contact> Node::replica_set(Key key, std::size_t k) const {
  std::vector<Contact> known = impl_->view().leaves.members();
  known.push_back(self());
  std::sort(known.begin(), known.end(),
            [&](const Contact& a, const Contact& b) { return closer(key, a.id(), b.id()); });
  if (known.size() > k) known.erase(known.begin() + static_cast<std::ptrdiff_t>(k), known.end());
  return known;
}

std::optional<Contact> Node::nearest_replica(Key key, std::size_t k, const Coordinate& to) const {
  std::optional<Contact> nearest;
  Duration least = Duration::max();
  for (Contact& replica : replica_set(key, k)) {
    const Duration likely = predicted(impl_->view().coordinate(replica.id()), to);
    if (likely == Duration::zero() || likely >= least) continue;
    least = likely;
    nearest = std::move(replica);
  }
  return nearest;
}

std::vector<Contact> Node::members_met() const {
  const View& view = impl_->view();
  std::vector<Contact> met;
  for (const Peer& peer : view.peers.all()) {
    const bool member = peer.active || view.neighbor(peer.contact.id()) != nullptr;
    if (peer.spoke && !peer.suspected && member) met.push_back(peer.contact);
  }
  return met;
}

bool Node::knows(NodeId peer) const { return impl_->view().living(peer) != nullptr; }
Duration Node::proximity(NodeId peer) const { return impl_->view().proximity(peer); }
const Coordinate& Node::coordinate() const { return impl_->view().position.told(); }
NodeStats Node::stats() const { return impl_->stats(); }

}  // namespace phyllo::overlay
