#include "multicast/forest.h"

#include <algorithm>
#include <utility>

#include "multicast/cast_desk.h"
#include "multicast/codec.h"
#include "multicast/dissemination.h"
#include "multicast/forest_state.h"
#include "multicast/heart.h"
#include "multicast/ingress.h"
#include "multicast/intake.h"
#include "multicast/membership.h"
#include "multicast/roots.h"
#include "multicast/search.h"
#include "multicast/succession.h"
#include "multicast/survey_desk.h"

namespace phyllo::multicast {

using overlay::Contact;

/// Composes the parts and gives each message to the one it is for.
class Forest::Impl {
 public:
  Impl(ForestConfig config, const overlay::Node& node, std::uint64_t seed, Admission admits)
      : state(config, node, seed, std::move(admits)) {}

  ForestState state;
  Dissemination dissemination{state};
  Roots roots{state, dissemination};
  Search search{state, dissemination, roots};
  Succession succession{state, dissemination, search};
  Membership membership{state, dissemination, roots, search, succession};
  Heart heart{state, dissemination, membership, search, succession};
  Intake intake{state, dissemination, roots};
  Ingress ingress{state, intake};
  CastDesk casts{state};
  SurveyDesk surveys{state};

  /// On its way to a key, seen at each node. False: it has to go on.
  bool on_routed(Turn& turn, const overlay::Arrived& arrival, const Message& message);
  void on_direct(Turn& turn, const Contact& from, Message message);
  void on_dropped(Turn& turn, const Contact& peer, const Message& message);
  void open(Turn& turn, const TopicId& topic);
  void tell_news(Turn& turn);
  void hold_publishers(Turn& turn, const TopicId& topic);

 private:
  bool locate(Turn& turn, const overlay::Arrived& arrival, const Locate& locate);
};

bool Forest::Impl::on_routed(Turn& turn, const overlay::Arrived& arrival, const Message& message) {
  using Way = Membership::Way;
  if (const auto* graft = std::get_if<Graft>(&message)) {
    if (arrival.previous.id() == state.self()) return arrival.at_root;
    membership.on_graft(turn, arrival.previous, *graft, Way::kRouted);
    return true;
  }
  if (const auto* cast = std::get_if<Cast>(&message)) {
    using Place = CastDesk::Place;
    return casts.on_routed(turn, *cast, arrival.at_root ? Place::kAtRoot : Place::kOnTheWay);
  }
  if (!arrival.at_root) return false;
  if (const auto* hand_over = std::get_if<HandOver>(&message)) {
    membership.on_hand_over(turn, arrival.origin, *hand_over);
  } else if (const auto* locate_root = std::get_if<Locate>(&message)) {
    locate(turn, arrival, *locate_root);
  } else if (const auto* survey = std::get_if<Survey>(&message)) {
    surveys.on_routed(turn, *survey);
  } else {
    ++state.stats.malformed;
  }
  return true;
}

bool Forest::Impl::locate(Turn& turn, const overlay::Arrived& arrival, const Locate& locate) {
  const bool root = !state.leaving || state.is_root(turn.now(), locate.topic);
  if (arrival.origin.id() == state.self() && !root) {
    ingress.on_root_is(turn, state.node.self(),
                       {locate.topic, locate.attempt, state.successor(locate.topic)});
  } else if (arrival.origin.id() == state.self()) {
    ingress.leaf_set_changed(turn);
  } else {
    intake.on_locate(turn, arrival.origin, locate);
  }
  return true;
}

void Forest::Impl::on_direct(Turn& turn, const Contact& from, Message message) {
  struct Dispatch {
    Impl& forest;
    Turn& turn;
    const Contact& from;
    using Way = Membership::Way;
    void operator()(const Graft& m) { forest.membership.on_graft(turn, from, m, Way::kDirect); }
    void operator()(const Standing& m) { forest.search.on_standing(turn, from, m); }
    void operator()(const Dismiss& m) {
      if (!forest.succession.refused(turn, from, m)) forest.search.on_dismiss(turn, from, m);
    }
    void operator()(const Prune& m) { forest.membership.on_prune(turn, from, m); }
    void operator()(const HandOver& m) {
      if (m.stage == HandOver::Stage::kWillLeave) {
        forest.succession.on_announced(turn, from, m);
      } else if (m.stage == HandOver::Stage::kLeaves) {
        forest.membership.on_hand_over(turn, from, m);
      }
    }
    void operator()(const Pulse& m) { forest.heart.on_pulse(turn, from, m); }
    void operator()(const Data& m) { forest.dissemination.on_data(turn, from, m); }
    void operator()(const Loss& m) { forest.dissemination.on_loss(turn, from, m); }
    void operator()(const Hold& m) {
      const Tree* tree = forest.state.trees.find_awake(m.topic);
      if (tree != nullptr && tree->children().contains(from.id())) {
        forest.hold_publishers(turn, m.topic);
      }
    }
    void operator()(const Locate&) { ++forest.state.stats.malformed; }
    void operator()(const RootIs& m) { forest.ingress.on_root_is(turn, from, m); }
    void operator()(const Publish& m) { forest.intake.on_publish(turn, from, m); }
    void operator()(const PublishAck& m) { forest.ingress.on_ack(turn, from, m); }
    void operator()(const PublishNack& m) { forest.ingress.on_nack(turn, from, m); }
    void operator()(Cast& m) { forest.casts.on_cast(turn, std::move(m)); }
    void operator()(const CastResult& m) { forest.casts.on_result(turn, m); }
    void operator()(const Survey& m) { forest.surveys.on_survey(turn, from, m); }
    void operator()(const SurveyReply& m) { forest.surveys.on_reply(turn, from, m); }
  };
  state.peers.heard(turn.now(), from.id());
  std::visit(Dispatch{*this, turn, from}, message);
}

/// The rest is soft state: it is said again.
void Forest::Impl::on_dropped(Turn& turn, const Contact& peer, const Message& message) {
  if (const auto* data = std::get_if<Data>(&message)) {
    dissemination.on_data_dropped(peer, *data);
  } else if (const auto* loss = std::get_if<Loss>(&message)) {
    dissemination.on_loss_dropped(peer, *loss);
  } else if (const auto* publish = std::get_if<Publish>(&message)) {
    ingress.on_dropped(turn, *publish);
  }
}

void Forest::Impl::open(Turn& turn, const TopicId& topic) {
  Tree* tree = state.find(topic);
  if (tree == nullptr || tree->rooted() == nullptr || tree->subscribers() == 0) return;
  if (std::exchange(tree->rooted()->gate, Gate::kOpen) == Gate::kOpen) return;
  dissemination.tell_all(turn, *tree);
  dissemination.acknowledge(turn, *tree);
}

/// Nobody on the way up acknowledges, and the root hears of it.
void Forest::Impl::hold_publishers(Turn& turn, const TopicId& topic) {
  Tree* tree = state.find(topic);
  if (tree == nullptr) return;
  if (!state.holds.extend(turn.now(), topic)) return;
  if (const Attached* up = tree->attached()) turn.send(up->parent, Hold{topic});
}

void Forest::Impl::tell_news(Turn& turn) {
  for (const TopicId& topic : state.take_news()) {
    const Tree* tree = state.find(topic);
    using Root = RootChanged::Root;
    if (tree != nullptr && tree->rooted() != nullptr) {
      // Of one that leaves the children only move.
      if (state.leaving) continue;
      turn.emit(RootChanged{topic, Root::kHere, tree->subscribers(), tree->name()});
    } else {
      turn.emit(RootChanged{topic, state.is_root(turn.now(), topic) ? Root::kGone : Root::kMoved});
    }
  }
}

Forest::Forest(ForestConfig config, const overlay::Node& node, std::uint64_t seed, Admission admits)
    : impl_(std::make_unique<Impl>(config, node, seed, std::move(admits))) {}

Forest::~Forest() = default;

Outcome Forest::set_local_subscribers(Time now, const TopicName& topic, std::uint64_t count,
                                      Effects& out) {
  Turn turn(now, out);
  return impl_->membership.set_local_subscribers(turn, topic, count);
}

Outcome Forest::raise_local_subscribers(Time now, const TopicName& topic, const TopicId& id,
                                        std::uint64_t count, Effects& out) {
  Turn turn(now, out);
  return impl_->membership.raise_local_subscribers(turn, topic, id, count);
}

void Forest::lower_local_subscribers(Time now, const TopicId& topic, std::uint64_t left,
                                     Effects& out) {
  Turn turn(now, out);
  impl_->membership.lower_local_subscribers(turn, topic, left);
}

Outcome Forest::publish(Time now, const TopicName& topic, const TopicId& id, Batch batch,
                        Effects& out) {
  Turn turn(now, out);
  return impl_->ingress.publish(turn, topic, id, std::move(batch));
}

void Forest::hold_publishers(Time now, const TopicId& topic, Effects& out) {
  Turn turn(now, out);
  impl_->hold_publishers(turn, topic);
}

std::uint64_t Forest::cast(Time now, const TopicName& topic, Payload payload, std::uint32_t wanted,
                           Effects& out) {
  Turn turn(now, out);
  return impl_->casts.ask(turn, topic, std::move(payload), wanted);
}

void Forest::answer_offer(Time now, std::uint64_t offer, std::uint32_t taken, Effects& out) {
  Turn turn(now, out);
  impl_->casts.answer(turn, offer, taken);
}

std::uint64_t Forest::survey(Time now, const TopicName& topic, Effects& out) {
  Turn turn(now, out);
  return impl_->surveys.ask(turn, topic);
}

void Forest::open(Time now, const TopicId& topic, Effects& out) {
  Turn turn(now, out);
  impl_->open(turn, topic);
}

Imported Forest::import(Time now, overlay::NodeId from, const Publish& publish, Effects& out) {
  Turn turn(now, out);
  return impl_->intake.import(turn, from, publish);
}

Imported Forest::import(Time now, overlay::NodeId from, const Missing& missing, Effects& out) {
  Turn turn(now, out);
  return impl_->intake.import(turn, from, missing);
}

void Forest::arrived(Time now, overlay::Arrived arrival, Effects& out) {
  Turn turn(now, out);
  const auto message = decode(arrival.message);
  if (!message.ok()) {
    ++impl_->state.stats.malformed;
    return;
  }
  if (!impl_->on_routed(turn, arrival, *message)) turn.emit(ForwardOn{std::move(arrival)});
}

void Forest::received(Time now, const Contact& from, overlay::AppMessage message, Effects& out) {
  Turn turn(now, out);
  auto decoded = decode(std::move(message));
  if (!decoded.ok() || from.id() == impl_->state.self()) {
    ++impl_->state.stats.malformed;
    return;
  }
  impl_->on_direct(turn, from, *std::move(decoded));
}

void Forest::undelivered(Time, overlay::Undelivered, Effects&) {
  // Everything that is routed has a deadline of its own, at which it is sent again or given up.
}

void Forest::peer_lost(Time now, overlay::NodeId peer, Effects& out) {
  Turn turn(now, out);
  impl_->succession.peer_lost(turn, peer);
  impl_->membership.peer_lost(turn, peer);
  impl_->ingress.peer_lost(turn, peer);
}

void Forest::leaf_set_changed(Time now, Effects& out) {
  Turn turn(now, out);
  impl_->membership.leaf_set_changed(turn);
  impl_->ingress.leaf_set_changed(turn);
}

void Forest::edge_full(Time now, const Contact& peer, const overlay::AppMessage& message,
                       Effects& out) {
  Turn turn(now, out);
  const auto decoded = decode(message);
  if (decoded.ok()) impl_->on_dropped(turn, peer, *decoded);
}

void Forest::flush(Time now, Effects& out) {
  Turn turn(now, out);
  impl_->intake.flush(turn);
  impl_->ingress.flush(turn);
  impl_->tell_news(turn);
}

void Forest::rest() { impl_->state.rest(); }

void Forest::hand_over(Time now, Effects& out) {
  Turn turn(now, out);
  impl_->membership.leave(turn);
}

void Forest::end_hand_over(Time now, Effects& out) {
  Turn turn(now, out);
  impl_->succession.end_all(turn);
}

void Forest::tick(Time now, Effects& out) {
  Turn turn(now, out);
  for (const TopicId& topic : impl_->state.searches.take_due(now)) {
    impl_->membership.due(turn, topic);
  }
  impl_->heart.beat(turn);
  impl_->state.holds.tick(now);
  impl_->ingress.tick(turn);
  impl_->casts.tick(turn);
  impl_->surveys.tick(turn);
}

Time Forest::next_tick() const {
  return std::min({impl_->state.searches.next(), impl_->state.holds.next(),
                   impl_->state.peers.next(), impl_->ingress.next(), impl_->casts.next(),
                   impl_->surveys.next()});
}

ForestStats Forest::stats() const {
  constexpr std::size_t kBusiest = 20;
  const ForestState& state = impl_->state;
  ForestStats stats = state.stats;
  stats.trees = state.trees.size();
  stats.children = state.children;
  stats.recent_bytes = impl_->ingress.recent_bytes();
  stats.held_bytes = state.held_bytes;
  stats.publishers_held = state.holds.total();
  stats.rooted_trees = state.rooted;
  stats.resting_trees = state.trees.resting();
  for (auto entry = state.load.rbegin(); entry != state.load.rend(); ++entry) {
    if (stats.busiest.size() == kBusiest) break;
    const Tree& tree = *state.trees.find_awake(entry->second);
    stats.busiest.push_back(
        {tree.name().text(), entry->first, tree.local_subscribers, tree.subscribers()});
  }
  return stats;
}

std::optional<TopicName> Forest::name_of(const TopicId& topic) const {
  const Trees& trees = impl_->state.trees;
  if (const RestingTree* tree = trees.find_resting(topic)) return tree->name();
  const Tree* tree = trees.find_awake(topic);
  return tree == nullptr ? std::nullopt : std::optional(tree->name());
}

std::optional<TreeNode> Forest::part_in(const TopicName& topic) const {
  const ForestState& state = impl_->state;
  const TopicId id = TopicId::of(topic);
  if (const RestingTree* resting = state.trees.find_resting(id)) {
    const std::uint64_t subscribers = resting->local_subscribers();
    return TreeNode{state.node.self(), true, {}, {}, subscribers, subscribers};
  }
  const Tree* tree = state.trees.find_awake(id);
  if (tree == nullptr) return std::nullopt;
  TreeNode part{state.node.self(),       tree->rooted() != nullptr, {}, {},
                tree->local_subscribers, tree->subscribers()};
  if (tree->attached() != nullptr) part.parent = tree->attached()->parent.id();
  for (const auto& [child, entry] : tree->children()) part.children.push_back(child);
  return part;
}

}  // namespace phyllo::multicast
