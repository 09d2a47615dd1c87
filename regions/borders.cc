#include "regions/borders.h"

#include <algorithm>
#include <utility>

#include "regions/caster.h"
#include "regions/checkpoint.h"
#include "regions/codec.h"
#include "regions/entrance.h"
#include "regions/envoy.h"
#include "regions/exports.h"
#include "regions/registrar.h"
#include "regions/rendezvous.h"
#include "regions/respondent.h"
#include "regions/reunion.h"
#include "regions/surveyor.h"
#include "regions/witness.h"

namespace phyllo::regions {

using overlay::Contact;

/// Composes the parts and gives each message to the one it is for.
class Borders::Impl {
 public:
  Impl(BordersConfig config, RegionTable table, Fence rules, const GlobalRing& ring,
       std::uint64_t seed)
      : fence(std::move(rules)), state(config, std::move(table), ring, seed) {}

  const Fence fence;
  BordersState state;
  Atlas atlas{state, fence};
  Reunion reunion{state};
  Seats seats{state, fence, atlas};
  Registrar registrar{state, seats};
  Checkpoint checkpoint{state, fence, registrar};
  Exports exports{state, registrar, seats};
  Entrance entrance{state};
  Rendezvous rendezvous{state, seats};
  Respondent respondent{state, registrar, seats};
  Surveyor surveyor{state, seats};
  Witness witness{state, seats};
  Caster caster{state, seats};
  Envoy envoy{state, seats};

  void on_routed(Turn& turn, const Contact& origin, const Message& message);
  void on_direct(Turn& turn, const Contact& from, Message message);
  bool accepts(Turn& turn, const Contact& from, std::uint64_t hop);
  void on_register(Turn& turn, const Register& registered);
  void on_enquire(Turn& turn, const Enquire& enquire);
  void on_interest(Turn& turn, const Contact& from, Interest& interest);
  void on_relayed(Turn& turn, Relayed relayed);
  bool lets_in(Turn& turn, const Contact& from, const TopicId& topic, Attempt attempt);
  void settle(Turn& turn);
};

void Borders::Impl::on_routed(Turn& turn, const Contact& origin, const Message& message) {
  if (const auto* registered = std::get_if<Register>(&message)) {
    on_register(turn, *registered);
  } else if (const auto* book = std::get_if<Book>(&message)) {
    rendezvous.on_book(turn, *book);
  } else if (const auto* enquire = std::get_if<Enquire>(&message)) {
    on_enquire(turn, *enquire);
  } else if (const auto* seek = std::get_if<Seek>(&message)) {
    if (seek->region == origin.region()) return reunion.on_visit(turn, origin, *seek);
    atlas.on_seek(turn, origin, *seek, Atlas::Asked::kOneOfSome);
  } else {
    ++state.stats.malformed;
  }
}

void Borders::Impl::on_direct(Turn& turn, const Contact& from, Message message) {
  struct Dispatch {
    Impl& borders;
    Turn& turn;
    const Contact& from;
    void operator()(const HopTaken& m) { borders.seats.taken(m); }
    void operator()(const Register& m) {
      if (!borders.accepts(turn, from, m.hop)) return;
      if (m.withdraws() && !m.name && borders.registrar.forward_withdrawal(turn, m)) return;
      borders.on_register(turn, m);
    }
    void operator()(const Book& m) {
      if (borders.accepts(turn, from, m.hop)) borders.rendezvous.on_book(turn, m);
    }
    void operator()(const Seek& m) {
      borders.atlas.on_seek(turn, from, m, Atlas::Asked::kOneOfAll);
    }
    void operator()(const Sought& m) {
      borders.atlas.on_sought(turn, m);
      borders.rendezvous.on_sought(turn, from, m);
      borders.reunion.on_sought(turn, from, m);
    }
    void operator()(const RollCall& m) { borders.respondent.on_roll_call(turn, m); }
    void operator()(const Present& m) { borders.rendezvous.on_present(turn, from, m); }
    void operator()(const Refresh& m) { borders.rendezvous.on_refresh(turn, from, m); }
    void operator()(const Refreshed& m) { borders.registrar.on_refreshed(turn, from, m); }
    void operator()(const InterestTaken& m) { borders.rendezvous.on_taken(turn, from, m); }
    void operator()(Interest& m) { borders.on_interest(turn, from, m); }
    void operator()(multicast::Publish& m) {
      if (!borders.lets_in(turn, from, m.topic, m.attempt)) return;
      borders.entrance.on_publish(turn, from, std::move(m));
    }
    void operator()(Relayed& m) { borders.on_relayed(turn, std::move(m)); }
    void operator()(const multicast::Missing& m) {
      if (!borders.lets_in(turn, from, m.topic, m.attempt)) return;
      borders.entrance.on_missing(turn, from, m);
    }
    void operator()(const Enquire& m) { borders.on_enquire(turn, m); }
    void operator()(Audience& m) {
      borders.surveyor.on_audience(turn, m);
      borders.caster.on_audience(turn, std::move(m));
    }
    void operator()(const Look& m) {
      borders.witness.on_look(turn, from, m, borders.exports.ways(TopicId::of(m.topic)));
    }
    void operator()(TreePage& m) { borders.surveyor.on_page(turn, from, std::move(m)); }
    void operator()(CastInto& m) { borders.envoy.on_cast(turn, from, std::move(m)); }
    void operator()(const CastState& m) { borders.caster.on_state(turn, from, m); }
    void operator()(const multicast::PublishAck& m) { borders.exports.on_ack(turn, from, m); }
    void operator()(const multicast::PublishNack& m) { borders.exports.on_nack(turn, from, m); }
  };
  atlas.heard(turn.now(), from);
  std::visit(Dispatch{*this, turn, from}, message);
}

/// One that leaves passes it on only: who sent it had better hear that from one that stays.
bool Borders::Impl::accepts(Turn& turn, const Contact& from, std::uint64_t hop) {
  return rendezvous.leaving() || seats.accept(turn, from, hop);
}

/// Of a topic that this node knows to be fenced it hears nothing by the free way.
void Borders::Impl::on_register(Turn& turn, const Register& registered) {
  if (!registered.name && !registered.withdraws() && registrar.enclosure(registered.topic)) {
    ++state.stats.fenced_off;
    return;
  }
  rendezvous.on_register(turn, registered);
}

void Borders::Impl::on_enquire(Turn& turn, const Enquire& enquire) {
  if (!enquire.name && registrar.enclosure(enquire.topic)) {
    ++state.stats.fenced_off;
    return;
  }
  rendezvous.on_enquire(turn, enquire);
}

/// Whatever the rendezvous says, this node sends nothing of a fenced topic out of its regions.
void Borders::Impl::on_interest(Turn& turn, const Contact& from, Interest& interest) {
  using Knowledge = Exports::Knowledge;
  const EnclosureRef enclosure = registrar.enclosure(interest.topic);
  if (enclosure) {
    if (!seats.admits(enclosure, from.region())) return;
    std::erase_if(interest.roots,
                  [&](const Contact& root) { return !seats.admits(enclosure, root.region()); });
  }
  const bool lapsed = registrar.lease(interest.topic) <= turn.now();
  const auto standing = registrar.on_interest(turn, from, interest);
  exports.on_interest(turn, from, interest, standing,
                      lapsed ? Knowledge::kLapsed : Knowledge::kWhole);
}

/// Takes nothing of a fenced topic from elsewhere.
bool Borders::Impl::lets_in(Turn& turn, const Contact& from, const TopicId& topic,
                            Attempt attempt) {
  const EnclosureRef enclosure = registrar.enclosure(topic);
  if (!enclosure || seats.admits(enclosure, from.region())) return true;
  using Reason = multicast::PublishNack::Reason;
  turn.send(from, multicast::PublishNack{{topic, attempt, 0, {}}, Reason::kUnwanted});
  return false;
}

/// Nor does it pass any of it on to elsewhere.
void Borders::Impl::on_relayed(Turn& turn, Relayed relayed) {
  const TopicId topic = topic_of(relayed);
  if (!checkpoint.lets_through(relayed)) return;
  entrance.pass_on(turn, topic, relayed);
  if (!relayed.here || !lets_in(turn, relayed.origin, topic, relayed.here->attempt)) return;
  entrance.on_publish(turn, relayed.origin, *std::move(relayed.here));
}

/// Who is there decides about the rendezvous.
void Borders::Impl::settle(Turn& turn) {
  if (!atlas.take_news()) return;
  rendezvous.regions_changed(turn);
  registrar.regions_changed(turn);
}

Borders::Borders(BordersConfig config, RegionTable table, Fence fence, const GlobalRing& ring,
                 std::uint64_t seed)
    : impl_(std::make_unique<Impl>(config, std::move(table), std::move(fence), ring, seed)) {}

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
    EnclosureRef enclosure;
    if (changed.name) enclosure = impl_->seats.enclosure(turn, *changed.name);
    const std::string& here = impl_->state.self().region();
    if (enclosure && !impl_->seats.admits(enclosure, here)) return;
    impl_->registrar.set_subscribers(turn, changed.topic, changed.subscribers, changed.name);
  }
  if (changed.root != Root::kHere) impl_->exports.unrooted(turn, changed.topic);
}

void Borders::imported(Time now, const Import& import, const multicast::Imported& answer,
                       Effects& out) {
  Turn turn(now, out);
  impl_->entrance.imported(turn, import, answer);
  if (answer.refused != multicast::PublishNack::Reason::kUnwanted) return;
  std::visit([&](const auto& m) { impl_->registrar.repeat_withdrawal(turn, m.topic, import.from); },
             import.what);
}

std::uint64_t Borders::survey(Time now, const TopicName& topic, Effects& out) {
  Turn turn(now, out);
  return impl_->surveyor.ask(turn, topic);
}

std::uint64_t Borders::cast(Time now, const TopicName& topic, Payload payload, std::uint32_t wanted,
                            Effects& out) {
  Turn turn(now, out);
  return impl_->caster.start(turn, topic, std::move(payload), wanted);
}

void Borders::surveyed(Time now, std::uint64_t ticket, multicast::SurveyDone done, Effects& out) {
  Turn turn(now, out);
  if (!impl_->witness.asked(ticket)) {
    return impl_->surveyor.surveyed(turn, ticket, std::move(done));
  }
  auto ways = impl_->exports.ways(impl_->witness.topic(ticket));
  impl_->witness.surveyed(turn, ticket, std::move(done), std::move(ways));
}

void Borders::cast_done(Time now, std::uint64_t ticket, const multicast::CastDone& done,
                        Effects& out) {
  Turn turn(now, out);
  if (impl_->envoy.asked(ticket)) {
    impl_->envoy.cast_done(turn, ticket, done);
  } else {
    impl_->caster.cast_done(turn, ticket, done);
  }
}

void Borders::arrived(Time now, overlay::Arrived arrival, Effects& out) {
  Turn turn(now, out);
  if (!arrival.at_root) {
    turn.emit(multicast::ForwardOn{std::move(arrival)});
    return;
  }
  const auto message = decode(std::move(arrival.message));
  if (message.ok()) {
    impl_->on_routed(turn, arrival.origin, *message);
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
  impl_->settle(turn);
}

void Borders::peer_lost(Time now, const overlay::PeerLost& lost, Effects& out) {
  Turn turn(now, out);
  impl_->state.losses.note(now, lost, impl_->state.routes.others());
  impl_->rendezvous.peer_lost(turn, lost);
  impl_->registrar.peer_lost(turn, lost.peer.id());
  impl_->atlas.peer_lost(now, lost);
  impl_->respondent.peer_lost(now, lost);
  impl_->reunion.peer_lost(now, lost);
}

void Borders::leaf_set_changed(Time now, Effects& out) {
  Turn turn(now, out);
  impl_->rendezvous.leaf_set_changed(turn);
  impl_->respondent.leaf_set_changed(now);
  impl_->reunion.leaf_set_changed(now);
}

void Borders::joined(Time now) { impl_->rendezvous.joined(now); }

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
  } else if (const auto* relayed = std::get_if<Relayed>(&*decoded)) {
    impl_->exports.on_dropped(turn, peer, *relayed);
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
  impl_->atlas.tick(turn);
  impl_->reunion.tick(turn);
  impl_->settle(turn);
  impl_->seats.tick(turn);
  impl_->registrar.tick(turn);
  impl_->exports.tick(turn);
  impl_->rendezvous.tick(turn);
  impl_->surveyor.tick(turn);
  impl_->caster.tick(turn);
}

Time Borders::next_tick() const {
  return std::min({impl_->atlas.next(), impl_->reunion.next(), impl_->seats.next_tick(),
                   impl_->registrar.next(), impl_->exports.next(), impl_->rendezvous.next(),
                   impl_->surveyor.next(), impl_->caster.next_tick()});
}

BordersStats Borders::stats() const {
  BordersStats stats = impl_->state.stats;
  stats.receipt_bytes = impl_->state.receipts.bytes();
  return stats;
}

std::vector<TopicTraffic::Entry> Borders::topic_traffic() const {
  return impl_->state.traffic.list();
}

void Borders::forget_topic_traffic() { impl_->state.traffic = {}; }

bool Borders::idle() const { return impl_->exports.idle(); }

}  // namespace phyllo::regions
