#include "regions/borders.h"

#include <algorithm>
#include <utility>

#include "regions/codec.h"
#include "regions/entrance.h"
#include "regions/exports.h"
#include "regions/registrar.h"
#include "regions/rendezvous.h"

namespace phyllo::regions {

using overlay::Contact;

/// Composes the parts and gives each message to the one it is for.
class Borders::Impl {
 public:
  Impl(BordersConfig config, const GlobalRing& ring, std::uint64_t seed)
      : state(config, ring, seed) {}

  BordersState state;
  Registrar registrar{state};
  Exports exports{state, registrar};
  Entrance entrance{state};
  Rendezvous rendezvous{state};

  void on_routed(Turn& turn, const Message& message);
  void on_direct(Turn& turn, const Contact& from, Message message);
};

void Borders::Impl::on_routed(Turn& turn, const Message& message) {
  if (const auto* registered = std::get_if<Register>(&message)) {
    rendezvous.on_register(turn, *registered);
  } else if (const auto* book = std::get_if<Book>(&message)) {
    rendezvous.on_book(turn, *book);
  } else {
    ++state.stats.malformed;
  }
}

void Borders::Impl::on_direct(Turn& turn, const Contact& from, Message message) {
  struct Dispatch {
    Impl& borders;
    Turn& turn;
    const Contact& from;
    void operator()(const Register& m) { borders.on_routed(turn, m); }
    void operator()(const Book& m) { borders.on_routed(turn, m); }
    void operator()(const Refresh& m) { borders.rendezvous.on_refresh(turn, from, m); }
    void operator()(const Refreshed& m) { borders.registrar.on_refreshed(turn, from, m); }
    void operator()(const InterestTaken& m) { borders.rendezvous.on_taken(turn, from, m); }
    void operator()(const Interest& m) {
      using Knowledge = Exports::Knowledge;
      const bool lapsed = borders.registrar.lease(m.topic) <= turn.now();
      const auto standing = borders.registrar.on_interest(turn, from, m);
      borders.exports.on_interest(turn, from, m, standing,
                                  lapsed ? Knowledge::kLapsed : Knowledge::kWhole);
    }
    void operator()(multicast::Publish& m) {
      borders.entrance.on_publish(turn, from, std::move(m));
    }
    void operator()(const multicast::Missing& m) { borders.entrance.on_missing(turn, from, m); }
    void operator()(const multicast::PublishAck& m) { borders.exports.on_ack(turn, from, m); }
    void operator()(const multicast::PublishNack& m) { borders.exports.on_nack(turn, from, m); }
  };
  std::visit(Dispatch{*this, turn, from}, message);
}

Borders::Borders(BordersConfig config, const GlobalRing& ring, std::uint64_t seed)
    : impl_(std::make_unique<Impl>(config, ring, seed)) {}

Borders::~Borders() = default;

void Borders::numbered(Time now, const multicast::Numbered& numbered, Effects& out) {
  Turn turn(now, out);
  impl_->exports.numbered(turn, numbered);
}

void Borders::root_changed(Time now, const multicast::RootChanged& changed, Effects& out) {
  Turn turn(now, out);
  using Root = multicast::RootChanged::Root;
  if (changed.root == Root::kMoved) {
    impl_->registrar.pass_on(turn, changed.topic);
  } else {
    impl_->registrar.set_subscribers(turn, changed.topic, changed.subscribers);
  }
  if (changed.root != Root::kHere) impl_->exports.unrooted(turn, changed.topic);
}

void Borders::imported(Time now, const Import& import, const multicast::Imported& answer,
                       Effects& out) {
  Turn turn(now, out);
  impl_->entrance.imported(turn, import, answer);
  if (answer.refused != multicast::PublishNack::Reason::kUnwanted) return;
  std::visit([&](const auto& m) { impl_->registrar.repeat_withdrawal(turn, m.topic); },
             import.what);
}

void Borders::arrived(Time now, overlay::Arrived arrival, Effects& out) {
  Turn turn(now, out);
  if (!arrival.at_root) {
    turn.emit(multicast::ForwardOn{std::move(arrival)});
    return;
  }
  const auto message = decode(std::move(arrival.message));
  if (message.ok()) {
    impl_->on_routed(turn, *message);
  } else {
    ++impl_->state.stats.malformed;
  }
}

void Borders::received(Time now, const Contact& from, overlay::AppMessage message, Effects& out) {
  Turn turn(now, out);
  auto decoded = decode(std::move(message));
  if (!decoded.ok()) {
    ++impl_->state.stats.malformed;
    return;
  }
  impl_->on_direct(turn, from, *std::move(decoded));
}

void Borders::peer_lost(Time now, const overlay::PeerLost& lost, Effects& out) {
  Turn turn(now, out);
  impl_->rendezvous.peer_lost(turn, lost);
  impl_->registrar.peer_lost(turn, lost.peer.id());
}

void Borders::leaf_set_changed(Time now, Effects& out) {
  Turn turn(now, out);
  impl_->rendezvous.leaf_set_changed(turn);
}

/// The rest is said again when it has no answer.
void Borders::edge_full(Time now, const Contact& peer, const overlay::AppMessage& message,
                        Effects& out) {
  Turn turn(now, out);
  const auto decoded = decode(message);
  if (!decoded.ok()) return;
  if (const auto* publish = std::get_if<multicast::Publish>(&*decoded)) {
    impl_->exports.on_dropped(turn, peer, publish->topic, publish->attempt);
  } else if (const auto* missing = std::get_if<multicast::Missing>(&*decoded)) {
    impl_->exports.on_dropped(turn, peer, missing->topic, missing->attempt);
  }
}

void Borders::flush(Time now, Effects& out) {
  Turn turn(now, out);
  impl_->entrance.flush(turn);
}

void Borders::leave(Time now, Effects& out) {
  Turn turn(now, out);
  impl_->rendezvous.leave(turn);
}

void Borders::tick(Time now, Effects& out) {
  Turn turn(now, out);
  impl_->registrar.tick(turn);
  impl_->exports.tick(turn);
  impl_->rendezvous.tick(turn);
}

Time Borders::next_tick() const {
  return std::min({impl_->registrar.next(), impl_->exports.next(), impl_->rendezvous.next()});
}

BordersStats Borders::stats() const { return impl_->state.stats; }

std::vector<TopicTraffic::Entry> Borders::topic_traffic() const {
  return impl_->state.traffic.list();
}

bool Borders::idle() const { return impl_->exports.idle(); }

}  // namespace phyllo::regions
