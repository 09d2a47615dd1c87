#include "sim/cluster/program.h"

#include <utility>

#include "base/batch_body.h"
#include "base/check.h"
#include "broker/core/client_codec.h"
#include "sim/cluster/cluster.h"

namespace phyllo::sim {

using namespace std::chrono_literals;
namespace client = broker::client;

namespace {

// As the SDK's.
constexpr Duration kDrainPatience = 500ms;
constexpr Duration kMovePatience = 1s;
constexpr Duration kSettling = 250ms;

}  // namespace

Program::Program(Cluster& cluster, std::string name, multicast::PublisherId publisher,
                 StationId broker)
    : cluster_(cluster), name_(std::move(name)), publisher_(publisher), broker_(broker) {
  connect();
}

// --- what the test makes it do ---

client::SubscriptionNumber Program::subscribe(Wish wish) {
  const auto number = ++last_subscription_;
  subscriptions_[number].wish = std::move(wish);
  if (welcome_) send_subscribe(number);
  return number;
}

void Program::unsubscribe(client::SubscriptionNumber number) {
  const auto found = subscriptions_.find(number);
  PHYLLO_CHECK(found != subscriptions_.end());
  if (found->second.listening != nullptr) found->second.listening->ended_at = cluster_.now();
  subscriptions_.erase(found);
  if (welcome_) say(client::Unsubscribe{number});
}

void Program::unsubscribe_all() {
  while (!subscriptions_.empty()) unsubscribe(subscriptions_.begin()->first);
}

void Program::unsubscribe_oldest() {
  if (!subscriptions_.empty()) unsubscribe(subscriptions_.begin()->first);
}

multicast::Sequence Program::publish(const std::string& topic, std::uint32_t count) {
  Stream& stream = streams_[topic];
  BatchBodyWriter body;
  const multicast::Sequence first = stream.next;
  for (std::uint32_t i = 0; i < count; ++i) {
    body.append(Ledger::text_of(publisher_, stream.next));
    cluster_.ledger().published({topic, publisher_, stream.next}, cluster_.now());
    ++stream.next;
  }
  stream.unacknowledged.push_back({publisher_, first, count, body.take()});
  ++unacknowledged_;
  if (!publishes_) {
    ++held_;
  } else {
    send_publish(topic, stream, stream.unacknowledged.back());
  }
  return first;
}

void Program::resume() {
  stalled_ = false;
  for (auto& [number, subscribed] : subscriptions_) {
    const auto owed = std::exchange(subscribed.owed, 0);
    if (owed > 0) settle_credit(number, owed);
  }
}

void Program::ask_tree(const std::string& topic) {
  say(client::Query{++last_request_, client::TreeQuery{topic}});
}

void Program::ask_borders() { say(client::Query{++last_request_, client::BordersQuery{}}); }

void Program::ask_peers() { say(client::Query{++last_request_, client::PeersQuery{}}); }

void Program::leave() {
  left_ = true;
  say(client::ClientBye{});
  // Those that the session it is moving away from serves as well.
  for (auto& [number, subscribed] : subscriptions_) end_listening(subscribed);
  subscriptions_.clear();
  leave_old();
  if (session_) cluster_.close(*session_);
  session_.reset();
  publishes_.reset();
  welcome_.reset();
}

void Program::say(const client::ClientFrame& frame) {
  if (session_) cluster_.send(*session_, client::encode_client_frame(frame));
}

// --- what became of it ---

bool Program::all_live() const {
  for (const auto& [number, subscribed] : subscriptions_) {
    if (subscribed.listening == nullptr) return false;
  }
  return welcome_.has_value() || left_;
}

std::set<std::string> Program::topics() const {
  std::set<std::string> topics;
  for (const auto& [number, subscribed] : subscriptions_) topics.insert(subscribed.wish.topic);
  return topics;
}

const Listening* Program::listening(client::SubscriptionNumber number) const {
  return subscriptions_.at(number).listening;
}

std::vector<const Listening*> Program::listenings() const {
  std::vector<const Listening*> found;
  for (const auto& [number, subscribed] : subscriptions_) {
    if (subscribed.listening != nullptr) found.push_back(subscribed.listening);
  }
  return found;
}

// --- what the cluster tells it ---

void Program::received(broker::SessionId session, const overlay::Wire& wire) {
  if (frozen_) return;
  const auto frame = client::decode_broker_frame(wire);
  PHYLLO_CHECK(frame.ok());
  if (session == session_) {
    std::visit([this](const auto& message) { on(message); }, *frame);
  } else if (const auto* deliver = std::get_if<client::Deliver>(&*frame)) {
    old_session_said(*deliver);
  } else if (const auto* gap = std::get_if<client::GapNotice>(&*frame)) {
    old_session_said(*gap);
  } else if (const auto* ack = std::get_if<client::PublishAck>(&*frame)) {
    on(*ack);
  } else if (const auto* ping = std::get_if<client::Ping>(&*frame)) {
    cluster_.send(session, client::encode_client_frame(client::Pong{ping->nonce}));
  }
  look_at_move();
}

void Program::connection_lost(broker::SessionId session) {
  if (publishes_ == session) publishes_.reset();
  if (session == old_session_) {
    old_session_.reset();
    for (auto& [number, subscribed] : subscriptions_) {
      if (subscribed.on_old) arrive(subscribed);
    }
    if (welcome_) publish_here();
    return;
  }
  if (session != session_) return;
  session_.reset();
  welcome_.reset();
  end_listenings();
  if (left_ || frozen_) return;
  cluster_.after(100ms, [this] {
    if (!session_ && !left_) move_elsewhere();
  });
}

void Program::connect() {
  session_ = cluster_.open(broker_, *this);
  say(client::Hello{client::kVersion, client::kVersion, name_});
}

void Program::move_elsewhere() {
  const auto other = cluster_.another_broker(broker_);
  if (!other) {
    cluster_.after(500ms, [this] {
      if (!session_ && !left_) move_elsewhere();
    });
    return;
  }
  ++moves_;
  broker_ = *other;
  connect();
}

void Program::send_publish(const std::string& topic, const Stream& stream, multicast::Batch batch) {
  batch.stays = stream.stays.as_of(cluster_.now());
  const client::Publish publish{topic, std::move(batch)};
  cluster_.send(*publishes_, client::encode_client_frame(publish));
}

void Program::send_subscribe(client::SubscriptionNumber number) {
  const Wish& wish = subscriptions_.at(number).wish;
  say(client::Subscribe{number, wish.topic, wish.policy, wish.credit, wish.queue,
                        wish.casts != Casting::kIgnores});
}

void Program::end_listening(Subscribed& subscribed) {
  if (subscribed.listening != nullptr) subscribed.listening->ended_at = cluster_.now();
  subscribed.listening = nullptr;
  subscribed.owed = 0;
}

/// What the old session serves goes on.
void Program::end_listenings() {
  for (auto& [number, subscribed] : subscriptions_) {
    subscribed.ahead.reset();
    subscribed.heard_ahead.clear();
    if (!subscribed.on_old) end_listening(subscribed);
  }
}

void Program::on(const client::Welcome& welcome) {
  welcome_ = welcome;
  for (const auto& [number, subscribed] : subscriptions_) send_subscribe(number);
  if (!old_session_) return publish_here();
  publishes_.reset();
  held_ = 0;
  const auto again = [this](Duration wait, auto&& what) {
    cluster_.after(wait, [this, what, session = session_] {
      if (session_ == session && old_session_) what();
    });
  };
  again(kDrainPatience, [this] { publish_here(); });
  again(kMovePatience, [this] { leave_old(); });
}

void Program::publish_here() {
  if (publishes_ == session_) return;
  publishes_ = session_;
  held_ = 0;
  for (const auto& [topic, stream] : streams_) {
    for (const auto& batch : stream.unacknowledged) send_publish(topic, stream, batch);
  }
}

void Program::on(const client::PublishAck& ack) {
  if (ack.error) publish_errors_.push_back(ack);
  last_reach_ = ack.reception.reach;
  Stream& stream = streams_[ack.topic];
  if (!ack.error) {
    const auto& [taken_by, number] = ack.reception.at;
    stream.stays.acknowledged(cluster_.now(), ack.up_to, taken_by, number);
  }
  auto& waiting = stream.unacknowledged;
  while (!waiting.empty()) {
    const multicast::Batch& batch = waiting.front();
    if (batch.publisher_first + batch.count - 1 > ack.up_to) break;
    for (std::uint32_t i = 0; !ack.error && i < batch.count; ++i) {
      cluster_.ledger().acknowledged({ack.topic, publisher_, batch.publisher_first + i},
                                     cluster_.now());
    }
    waiting.pop_front();
    --unacknowledged_;
  }
}

void Program::on(const client::SubscribeAck& ack) {
  const auto found = subscriptions_.find(ack.subscription);
  if (found == subscriptions_.end()) return;
  if (ack.error) {
    refusals_.push_back({to_string(ack.error->code), ack.error->message, ack.subscription});
    subscriptions_.erase(found);
    return;
  }
  Subscribed& subscribed = found->second;
  if (!subscribed.on_old) {
    PHYLLO_CHECK(subscribed.listening == nullptr);
    return begin_listening(subscribed, ack.position);
  }
  subscribed.ahead = ack.position;
  cluster_.after(kSettling, [this, number = ack.subscription, session = session_] {
    const auto waiting = subscriptions_.find(number);
    if (session_ != session || waiting == subscriptions_.end() || !waiting->second.on_old) return;
    const Subscribed& settled = waiting->second;
    if (settled.ahead && settled.ahead->stream != settled.reader->next().stream)
      arrive(waiting->second);
    look_at_move();
  });
}

void Program::begin_listening(Subscribed& subscribed, multicast::StreamPosition position) {
  subscribed.listening =
      &cluster_.ledger().listening(name_, subscribed.wish.topic, cluster_.now(), position);
  subscribed.reader.emplace(cluster_.now(), position);
}

void Program::on(const client::Deliver& deliver) {
  const auto found = subscriptions_.find(deliver.subscription);
  if (found == subscriptions_.end()) return;  // unsubscribed meanwhile
  if (found->second.on_old) return found->second.heard_ahead.emplace_back(deliver), void();
  hear(found->second, deliver);
}

void Program::on(const client::GapNotice& notice) {
  const auto found = subscriptions_.find(notice.subscription);
  if (found == subscriptions_.end()) return;
  if (found->second.on_old) return found->second.heard_ahead.emplace_back(notice), void();
  hear(found->second, notice);
}

void Program::hear(Subscribed& subscribed, const Heard& heard) {
  PHYLLO_CHECK(subscribed.listening != nullptr);
  auto& all = subscribed.listening->heard;
  if (const auto* notice = std::get_if<client::GapNotice>(&heard)) {
    if (auto gap = subscribed.reader->read(notice->gap)) all.emplace_back(*std::move(gap));
    return;
  }
  const auto& deliver = std::get<client::Deliver>(heard);
  Reader::Reading reading = subscribed.reader->read(cluster_.now(), deliver.batch);
  for (auto& gap : reading.missed) all.emplace_back(std::move(gap));
  if (reading.fresh) all.emplace_back(*std::move(reading.fresh));
  subscribed.owed += deliver.batch.batch.body.size() + client::kDeliverOverhead;
  if (!stalled_) settle_credit(deliver.subscription, std::exchange(subscribed.owed, 0));
}

void Program::settle_credit(client::SubscriptionNumber number, std::uint64_t bytes) {
  const auto& session = subscriptions_.at(number).on_old ? old_session_ : session_;
  if (session) cluster_.send(*session, client::encode_client_frame(client::Credit{number, bytes}));
}

void Program::on(const client::Ping& ping) { say(client::Pong{ping.nonce}); }

// --- moving away from a broker that stops ---

void Program::on(const client::Drain&) {
  leave_old();
  old_session_ = std::exchange(session_, std::nullopt);
  welcome_.reset();
  for (auto& [number, subscribed] : subscriptions_) {
    subscribed.on_old = subscribed.listening != nullptr;
  }
  move_elsewhere();
}

void Program::old_session_said(const Heard& heard) {
  const auto number = std::visit([](const auto& frame) { return frame.subscription; }, heard);
  const auto found = subscriptions_.find(number);
  if (found == subscriptions_.end() || !found->second.on_old) return;
  Subscribed& subscribed = found->second;
  const auto* deliver = std::get_if<client::Deliver>(&heard);
  const auto* notice = std::get_if<client::GapNotice>(&heard);
  const auto& stream = deliver != nullptr ? deliver->batch.stream : notice->gap.stream;
  const auto number_in_stream = deliver != nullptr ? deliver->batch.first : notice->gap.last;
  const bool here = subscribed.ahead && subscribed.ahead->stream == stream;
  if (here && number_in_stream >= subscribed.ahead->next) return arrive(subscribed);
  hear(subscribed, heard);
}

/// A break, if the old session did not come as far as where the new one begins.
void Program::arrive(Subscribed& subscribed) {
  subscribed.on_old = false;
  const auto ahead = std::exchange(subscribed.ahead, std::nullopt);
  const auto heard = std::exchange(subscribed.heard_ahead, {});
  if (!ahead) return end_listening(subscribed);
  const auto& next = subscribed.reader->next();
  const bool whole = next.stream == ahead->stream && next.next >= ahead->next;
  if (!whole) {
    end_listening(subscribed);
    begin_listening(subscribed, *ahead);
  }
  for (const Heard& item : heard) hear(subscribed, item);
}

void Program::leave_old() {
  if (!old_session_) return;
  if (publishes_ == old_session_) publishes_.reset();
  cluster_.close(*std::exchange(old_session_, std::nullopt));
  for (auto& [number, subscribed] : subscriptions_) {
    if (subscribed.on_old) arrive(subscribed);
  }
  if (welcome_) publish_here();
}

void Program::look_at_move() {
  if (!old_session_ || !welcome_) return;
  bool moving = false;
  for (auto& [number, subscribed] : subscriptions_) {
    if (!subscribed.on_old) continue;
    const auto& ahead = subscribed.ahead;
    const auto& next = subscribed.reader->next();
    if (ahead && next.stream == ahead->stream && next.next >= ahead->next) arrive(subscribed);
    moving = moving || subscribed.on_old;
  }
  if (unacknowledged_ == held_) publish_here();
  if (!moving && publishes_ == session_) leave_old();
}

}  // namespace phyllo::sim
