#include "sim/cluster/program.h"

#include <utility>

#include "base/batch_body.h"
#include "base/check.h"
#include "broker/core/client_codec.h"
#include "sim/cluster/cluster.h"

namespace phyllo::sim {

using namespace std::chrono_literals;
namespace client = broker::client;

Program::Program(Cluster& cluster, std::string name, multicast::PublisherId publisher,
                 StationId broker)
    : cluster_(cluster), name_(std::move(name)), publisher_(publisher), broker_(broker) {
  connect();
}

// --- what the test makes it do ---

client::SubscriptionNumber Program::subscribe(Wish wish) {
  const auto number = ++last_subscription_;
  subscriptions_[number] = Subscribed{std::move(wish)};
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

void Program::publish(const std::string& topic, std::uint32_t count) {
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
  if (welcome_) say(client::Publish{topic, stream.unacknowledged.back()});
}

void Program::resume() {
  stalled_ = false;
  for (auto& [number, subscribed] : subscriptions_) {
    const auto owed = std::exchange(subscribed.owed, 0);
    if (owed > 0) say(client::Credit{number, owed});
  }
}

void Program::ask_tree(const std::string& topic) {
  say(client::Query{++last_request_, client::TreeQuery{topic}});
}

void Program::ask_peers() { say(client::Query{++last_request_, client::PeersQuery{}}); }

void Program::leave() {
  left_ = true;
  say(client::ClientBye{});
  end_listenings();
  subscriptions_.clear();
  cluster_.close(*session_);
  session_.reset();
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
  return welcome_.has_value();
}

std::set<std::string> Program::topics() const {
  std::set<std::string> topics;
  for (const auto& [number, subscribed] : subscriptions_) topics.insert(subscribed.wish.topic);
  return topics;
}

std::set<std::string> Program::published_topics() const {
  std::set<std::string> topics;
  for (const auto& [topic, stream] : streams_) topics.insert(topic);
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

void Program::received(const overlay::Wire& wire) {
  if (frozen_) return;
  const auto frame = client::decode_broker_frame(wire);
  PHYLLO_CHECK(frame.ok());
  std::visit([this](const auto& message) { on(message); }, *frame);
}

void Program::connection_lost() {
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

void Program::send_subscribe(client::SubscriptionNumber number) {
  const Wish& wish = subscriptions_.at(number).wish;
  say(client::Subscribe{number, wish.topic, wish.policy, wish.credit, wish.queue});
}

void Program::end_listenings() {
  for (auto& [number, subscribed] : subscriptions_) {
    if (subscribed.listening != nullptr) subscribed.listening->ended_at = cluster_.now();
    subscribed.listening = nullptr;
    subscribed.owed = 0;
  }
}

void Program::on(const client::Welcome& welcome) {
  welcome_ = welcome;
  for (const auto& [number, subscribed] : subscriptions_) send_subscribe(number);
  for (const auto& [topic, stream] : streams_) {
    for (const auto& batch : stream.unacknowledged) say(client::Publish{topic, batch});
  }
}

void Program::on(const client::PublishAck& ack) {
  if (ack.error) publish_errors_.push_back(ack);
  last_reach_ = ack.reach;
  auto& waiting = streams_[ack.topic].unacknowledged;
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
  PHYLLO_CHECK(found->second.listening == nullptr);
  found->second.listening =
      &cluster_.ledger().listening(name_, found->second.wish.topic, cluster_.now(), ack.position);
}

void Program::on(const client::Deliver& deliver) {
  const auto found = subscriptions_.find(deliver.subscription);
  if (found == subscriptions_.end()) return;  // unsubscribed meanwhile
  Subscribed& subscribed = found->second;
  PHYLLO_CHECK(subscribed.listening != nullptr);
  subscribed.listening->heard.emplace_back(deliver.batch);
  subscribed.owed += deliver.batch.batch.body.size() + client::kDeliverOverhead;
  if (stalled_) return;
  say(client::Credit{deliver.subscription, std::exchange(subscribed.owed, 0)});
}

void Program::on(const client::GapNotice& notice) {
  const auto found = subscriptions_.find(notice.subscription);
  if (found == subscriptions_.end()) return;
  PHYLLO_CHECK(found->second.listening != nullptr);
  found->second.listening->heard.emplace_back(notice.gap);
}

void Program::on(const client::Ping& ping) { say(client::Pong{ping.nonce}); }

void Program::on(const client::Drain&) {
  cluster_.close(*session_);
  session_.reset();
  welcome_.reset();
  end_listenings();
  move_elsewhere();
}

}  // namespace phyllo::sim
