#include "sim/scenario/participant.h"

#include <cstring>
#include <utility>

#include "base/batch_body.h"
#include "base/check.h"
#include "broker/core/client_codec.h"

namespace phyllo::sim {
namespace {

using namespace std::chrono_literals;
namespace client = broker::client;

/// From the loss of a connection to the next attempt, as in the SDK.
constexpr Duration kReconnect = 100ms;
constexpr Duration kNobodyThere = 500ms;
/// Credit of the only subscription, given back at once.
constexpr std::uint64_t kCredit = 64 << 20;
constexpr client::SubscriptionNumber kSubscription = 1;

/// A message begins with the time at which it was published.
std::string message_of(Time now, std::size_t bytes) {
  const std::int64_t sent = now.time_since_epoch().count();
  std::string text(std::max(bytes, sizeof sent), 'x');
  std::memcpy(text.data(), &sent, sizeof sent);
  return text;
}

Time sent_at(std::string_view message) {
  std::int64_t sent = 0;
  PHYLLO_CHECK(message.size() >= sizeof sent);
  std::memcpy(&sent, message.data(), sizeof sent);
  return Time(Duration(sent));
}

}  // namespace

Participant::Participant(Cluster& cluster, Measurement& measurement, Part part, Elsewhere elsewhere)
    : cluster_(cluster),
      measurement_(measurement),
      part_(std::move(part)),
      elsewhere_(std::move(elsewhere)) {
  connect();
}

void Participant::publish(std::size_t bytes) {
  BatchBodyWriter body;
  body.append(message_of(cluster_.now(), bytes));
  if (unacknowledged_bytes_ + body.size() > part_.window_bytes) return;
  unacknowledged_bytes_ += body.size();
  unacknowledged_.push_back({part_.number, next_++, 1, body.take()});
  measurement_.published(part_.topic, cluster_.now());
  if (welcomed_) say(client::Publish{part_.topic_name, unacknowledged_.back()});
}

void Participant::received(broker::SessionId session, const overlay::Wire& wire) {
  if (session != session_) return;
  const auto frame = client::decode_broker_frame(wire);
  PHYLLO_CHECK(frame.ok());
  std::visit([this](const auto& message) { on(message); }, *frame);
}

void Participant::connection_lost(broker::SessionId session) {
  if (session != session_) return;
  session_.reset();
  welcomed_ = ready_ = false;
  cluster_.after(kReconnect, [this] { move(); });
}

void Participant::connect() {
  session_ = cluster_.open(part_.broker, *this);
  say(client::Hello{client::kVersion, client::kVersion, "scenario"});
}

void Participant::move() {
  if (session_) return;
  const std::optional<StationId> other = elsewhere_(part_.broker);
  if (!other) return cluster_.after(kNobodyThere, [this] { move(); });
  part_.broker = *other;
  connect();
}

void Participant::say(const client::ClientFrame& frame) {
  if (session_) cluster_.send(*session_, client::encode_client_frame(frame));
}

void Participant::on(const client::Welcome&) {
  welcomed_ = true;
  ready_ = part_.role == Role::kPublisher;
  if (part_.role == Role::kSubscriber) {
    say(client::Subscribe{kSubscription, part_.topic_name, std::nullopt, kCredit, 0});
  }
  for (const multicast::Batch& batch : unacknowledged_) {
    say(client::Publish{part_.topic_name, batch});
  }
}

void Participant::on(const client::PublishAck& ack) {
  while (!unacknowledged_.empty() && unacknowledged_.front().publisher_first <= ack.up_to) {
    unacknowledged_bytes_ -= unacknowledged_.front().body.size();
    unacknowledged_.pop_front();
  }
}

void Participant::on(const client::SubscribeAck& ack) { ready_ = !ack.error; }

void Participant::on(const client::Deliver& deliver) {
  const multicast::Batch& batch = deliver.batch.batch;
  BatchBodyReader reader(batch.body.view());
  std::string_view message;
  for (std::uint32_t i = 0; i < batch.count && reader.next(message); ++i) {
    measurement_.delivered(cluster_.now(), part_.subscription, batch.publisher,
                           batch.publisher_first + i, sent_at(message));
  }
  say(client::Credit{kSubscription, batch.body.size() + client::kDeliverOverhead});
}

void Participant::on(const client::GapNotice& notice) {
  measurement_.gap(cluster_.now(), notice.gap.last - notice.gap.first + 1);
}

void Participant::on(const client::Ping& ping) { say(client::Pong{ping.nonce}); }

void Participant::on(const client::Drain&) {
  cluster_.close(*session_);
  session_.reset();
  welcomed_ = ready_ = false;
  move();
}

}  // namespace phyllo::sim
