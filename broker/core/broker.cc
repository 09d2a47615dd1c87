#include "broker/core/broker.h"

#include <algorithm>
#include <utility>

#include "broker/core/client_codec.h"
#include "broker/core/match.h"
#include "overlay/codec.h"
#include "regions/surveyor.h"

namespace phyllo::broker {
namespace {

constexpr char kDrainReason[] = "this broker is stopping";
/// A draining broker looks this often whether everybody has moved.
constexpr Duration kDrainLook = std::chrono::milliseconds(10);
/// What is kept of the time to drain for handing the trees over, after the programs had theirs.
constexpr Duration kHandOver = std::chrono::milliseconds(500);

/// Where regions have rings of their own, the trees are parts of them.
multicast::ForestConfig forest_config(const BrokerConfig& config) {
  multicast::ForestConfig forest = config.multicast;
  if (config.regions.size() > 1) forest.extent = multicast::Extent::kRegion;
  return forest;
}

Host host_of(const BrokerConfig& config, const overlay::Contact& self) {
  const bool abroad = config.regions.size() > 1;
  const Duration here = config.multicast.survey_timeout;
  return {config.cluster, self.id(), self.region(),
          abroad ? regions::Surveyor::longest(here, config.borders.retry) : here};
}

/// New ones may be added meanwhile; `taken` is empty before and after.
template <class Effect, class Do>
void carry_out(std::vector<Effect>& effects, std::vector<Effect>& taken, Do&& one) {
  constexpr std::size_t kKept = 1024;  // room that is not given back
  taken.swap(effects);
  for (Effect& effect : taken) one(effect);
  taken.clear();
  if (taken.capacity() > kKept) taken = {};
}

multicast::Admission admission(const regions::Fence& fence, const overlay::Contact& self) {
  if (fence.rules().empty()) return {};
  return [fence, region = self.region()](const TopicName& topic) {
    return fence.allows(topic, region);
  };
}

}  // namespace

Broker::Broker(BrokerConfig config, overlay::Contact self, std::uint64_t seed,
               std::shared_ptr<overlay::Places> places)
    : config_(std::move(config)),
      places_(std::move(places)),
      rings_(config_, self, seed),
      forest_(forest_config(config_), rings_.home(), seed + 1, admission(config_.fence, self)),
      sessions_(config_.clients, host_of(config_, self), seed + 4, config_.fence),
      meter_(config_.region_table, self),
      announced_(self.incarnation()) {
  if (rings_.two()) abroad_.emplace(config_, rings_, seed + 3);
}

// --- peers ---

void Broker::start(Time now, std::vector<overlay::Endpoint> seeds, Effects& out) {
  meter_.start(now);
  if (!config_.fence.rules().empty()) refusal_report_.start(now);
  rings_.start(now, std::move(seeds));
  settle(now, out);
}

void Broker::peer_message(Time now, const overlay::Contact& from, overlay::Wire wire,
                          Effects& out) {
  meter_.heard(now, from, wire);
  auto decoded = overlay::decode_of_any_ring(std::move(wire), *places_);
  if (!decoded) {
    const bool altered = decoded.error().code == ErrorCode::kAltered;
    ++(altered ? altered_peer_messages_ : malformed_peer_messages_);
    return;
  }
  rings_.receive(now, from, decoded->ring, std::move(decoded->message));
  settle(now, out);
}

void Broker::peer_disconnected(Time now, overlay::NodeId peer, Effects& out) {
  rings_.disconnected(now, peer);
  settle(now, out);
}

void Broker::dialed(Time now, const overlay::Endpoint& endpoint, const overlay::Contact& found,
                    Effects& out) {
  rings_.dialed(now, endpoint, found);
  settle(now, out);
}

void Broker::dial_failed(Time now, const overlay::Endpoint& endpoint, Effects& out) {
  rings_.dial_failed(now, endpoint);
  settle(now, out);
}

/// What the overlay acknowledges it sends again by itself; the rest is the forest's to account for.
void Broker::peer_link_full(Time now, const overlay::Contact& peer, overlay::Wire wire,
                            Effects& out) {
  ++peer_link_drops_;
  overlay::Places places;
  const auto decoded = overlay::decode_of_any_ring(std::move(wire), places);
  PHYLLO_CHECK(decoded.ok());
  const auto* direct = std::get_if<overlay::Direct>(&decoded->message);
  if (direct && decoded->ring == rings_.trees()) {
    forest_.edge_full(now, peer, direct->message, from_forest_);
    settle(now, out);
  } else if (direct && abroad_) {
    abroad_->borders.edge_full(now, peer, direct->message, from_borders_);
    settle(now, out);
  }
}

// --- programs ---

void Broker::client_connected(Time now, SessionId session, Effects& out) {
  sessions_.connected(now, session, from_sessions_);
  settle(now, out);
}

void Broker::client_message(Time now, SessionId session, overlay::Wire wire, Effects& out) {
  sessions_.message(now, session, std::move(wire), from_sessions_);
  settle(now, out);
}

void Broker::client_gone(Time now, SessionId session, Effects& out) {
  sessions_.gone(now, session, from_sessions_);
  settle(now, out);
}

// --- time ---

void Broker::flush(Time now, Effects& out) {
  forest_.flush(now, from_forest_);
  settle(now, out);
  if (abroad_) {
    abroad_->borders.flush(now, from_borders_);
    settle(now, out);
  }
  forest_.rest();
}

void Broker::tick(Time now, Effects& out) {
  if (stopped_) return;
  rings_.tick(now);
  settle(now, out);
  forest_.tick(now, from_forest_);
  settle(now, out);
  if (abroad_) {
    abroad_->borders.tick(now, from_borders_);
    settle(now, out);
  }
  sessions_.tick(now, from_sessions_);
  settle(now, out);
  if (now >= meter_.next_look()) look_at_borders(now, out);
  if (now >= refusal_report_.next()) {
    if (auto notice = refusal_report_.look(now, refusals(), rings_.self())) {
      out.push_back(*std::move(notice));
    }
  }
  if (draining_ && now >= draining_->next_look) look_at_drain(now, out);
}

Time Broker::next_tick() const {
  if (stopped_) return kNever;
  const Time drain = draining_ ? draining_->next_look : kNever;
  const Time borders = abroad_ ? abroad_->borders.next_tick() : kNever;
  return std::min({rings_.next_tick(), forest_.next_tick(), borders, sessions_.next_tick(),
                   meter_.next_look(), refusal_report_.next(), drain});
}

void Broker::drain(Time now, Effects& out) {
  if (draining_ || stopped_) return;
  const Duration grace = config_.drain_grace;
  draining_ = Draining{Draining::Step::kProgramsMove, now + grace - std::min(kHandOver, grace / 2),
                       now + grace, now};
  sessions_.drain(now, kDrainReason, from_sessions_);
  settle(now, out);
  look_at_drain(now, out);
}

void Broker::look_at_drain(Time now, Effects& out) {
  using Step = Draining::Step;
  if (draining_->step == Step::kProgramsMove &&
      (sessions_.size() == 0 || now >= draining_->hand_over_by)) {
    hand_over(now, out);
  }
  const Time end =
      draining_->step == Step::kTreesMove ? draining_->deadline : draining_->hand_over_by;
  draining_->next_look = std::min(now + kDrainLook, end);
  if (draining_->step == Step::kProgramsMove) return;
  if (!trees_moved() && now < draining_->deadline) return;
  forest_.end_hand_over(now, from_forest_);
  settle(now, out);
  leave_borders(now, out);
  rings_.leave(now);
  settle(now, out);
  stop(now, {false, kDrainReason}, out);
}

/// As long as programs are here, this broker keeps its place in all trees: they must not feel that
/// it goes before they have another one.
void Broker::hand_over(Time now, Effects& out) {
  draining_->step = Draining::Step::kTreesMove;
  sessions_.close_all(now, kDrainReason, from_sessions_);
  settle(now, out);
  forest_.hand_over(now, from_forest_);
  settle(now, out);
}

/// Whether nothing that programs published waits here any longer, and all children have found
/// another parent.
bool Broker::trees_moved() const {
  const multicast::ForestStats forest = forest_.stats();
  return forest.ingress_bytes == 0 && forest.children == 0 &&
         rings_.home().stats().buffered_bytes == 0 && (!abroad_ || abroad_->borders.idle());
}

void Broker::stop(Time now, Stopped how, Effects& out) {
  if (stopped_) return;
  sessions_.drain(now, how.reason, from_sessions_);
  sessions_.close_all(now, how.reason, from_sessions_);
  settle(now, out);
  stopped_ = true;
  out.push_back(std::move(how));
}

BrokerStats Broker::stats() const {
  BrokerStats stats;
  stats.state = rings_.home().state();
  stats.draining = draining_.has_value();
  stats.malformed_peer_messages = malformed_peer_messages_;
  stats.altered_peer_messages = altered_peer_messages_;
  stats.peer_link_drops = peer_link_drops_;
  stats.stray_ring_messages = rings_.stray_messages();
  stats.unclaimed_messages = unclaimed_messages_;
  stats.overlay = rings_.home().stats();
  if (rings_.two()) {
    const overlay::Node& global = rings_.global();
    stats.global_ring = {global.state(), global.stats(), rings_.foreigners_refused()};
  }
  stats.multicast = forest_.stats();
  if (abroad_) stats.borders = abroad_->borders.stats();
  stats.clients = sessions_.stats();
  return stats;
}

// --- between the layers ---

void Broker::settle(Time now, Effects& out) {
  while (true) {
    if (auto taken = rings_.take(now)) {
      announce_self(out);
      for (auto& effect : taken->effects) from_node(now, taken->ring, std::move(effect), out);
    } else if (!from_forest_.empty()) {
      carry_out(from_forest_, of_forest_,
                [&](auto& effect) { from_forest(now, std::move(effect), out); });
    } else if (!from_borders_.empty()) {
      for (auto& effect : std::exchange(from_borders_, {})) from_borders(now, std::move(effect));
    } else if (!from_sessions_.empty()) {
      carry_out(from_sessions_, of_sessions_,
                [&](auto& effect) { from_sessions(now, std::move(effect), out); });
    } else if (sessions_.next_publication() != nullptr) {
      publish_next(now);
    } else {
      return;
    }
  }
}

void Broker::from_forest(Time now, multicast::Effect effect, Effects& out) {
  std::visit(Match{
                 [&](multicast::SendToward& send) {
                   rings_.send_toward(now, rings_.trees(), send.key, std::move(send.message));
                 },
                 [&](multicast::ForwardOn& on) {
                   rings_.forward(now, rings_.trees(), std::move(on.arrival));
                 },
                 [&](multicast::SendDirect& send) {
                   rings_.send_direct(now, rings_.trees(), send.to, std::move(send.message));
                 },
                 [&](multicast::Deliver& deliver) {
                   sessions_.deliver(now, deliver.topic, deliver.batch, from_sessions_);
                 },
                 [&](multicast::DeliverGap& gap) {
                   sessions_.deliver_gap(now, gap.topic, gap.gap, from_sessions_);
                 },
                 [&](multicast::SubscriptionLive& live) {
                   sessions_.subscription_live(now, live.topic, live.position, from_sessions_);
                 },
                 [&](multicast::SubscriptionRefused& refused) {
                   sessions_.subscription_refused(now, refused.topic, refused.why, from_sessions_);
                 },
                 [&](multicast::PublishTaken& taken) {
                   sessions_.publish_taken(now, {taken.topic, taken.publisher}, taken.up_to,
                                           taken.reception, from_sessions_);
                 },
                 [&](multicast::Numbered& numbered) {
                   abroad_->borders.numbered(now, numbered, from_borders_);
                 },
                 [&](multicast::RootChanged& changed) {
                   abroad_->borders.root_changed(now, changed, from_borders_);
                 },
                 [&](multicast::Offer& offer) { sessions_.offer(now, offer, from_sessions_); },
                 [&](multicast::CastDone& done) { cast_done(now, done); },
                 [&](multicast::SurveyDone& survey) { survey_done(now, std::move(survey)); },
                 [&](overlay::Notice& notice) { out.push_back(std::move(notice)); },
             },
             effect);
}

void Broker::from_sessions(Time now, SessionEffect effect, Effects& out) {
  std::visit(
      Match{
          [&](Tell& tell) {
            out.push_back(ToClient{tell.session, client::encode_broker_frame(tell.frame)});
          },
          [&](Hangup& hangup) {
            out.push_back(CloseClient{hangup.session, std::move(hangup.reason), hangup.how});
          },
          [&](SubscriberAdded& added) {
            const Outcome outcome = forest_.raise_local_subscribers(now, added.topic, added.id,
                                                                    added.count, from_forest_);
            if (outcome) return;
            sessions_.subscription_refused(now, added.id, outcome.error(), from_sessions_);
          },
          [&](SubscriberRemoved& removed) {
            forest_.lower_local_subscribers(now, removed.topic, removed.left, from_forest_);
          },
          [&](PublishersHeld& held) { forest_.hold_publishers(now, held.topic, from_forest_); },
          [&](Asked& asked) { ask(now, asked); },
          [&](CastAsked& asked) { cast(now, std::move(asked)); },
          [&](OfferAnswered& answered) {
            forest_.answer_offer(now, answered.offer, answered.taken, from_forest_);
          },
      },
      effect);
}

void Broker::publish_next(Time now) {
  const Ingress::Waiting& next = *sessions_.next_publication();
  const Outcome outcome = forest_.publish(now, next.topic, next.id, next.batch, from_forest_);
  sessions_.published(now, outcome, from_sessions_);
}

/// Before anything of the new life is sent.
void Broker::announce_self(Effects& out) {
  if (rings_.self().incarnation() == announced_) return;
  announced_ = rings_.self().incarnation();
  out.push_back(SelfChanged{rings_.self()});
}

}  // namespace phyllo::broker
