#include "tests/allocations/broker_chain.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/batch_body.h"
#include "base/topic_name.h"
#include "broker/core/client_codec.h"
#include "tests/allocations/allocation_count.h"

namespace phyllo::test {
namespace {

using namespace std::chrono_literals;
namespace client = broker::client;

constexpr const char* kTopic = "a/topic/of/ordinary/length";
constexpr broker::SessionId kSubscriber = 1;
constexpr broker::SessionId kPublisher = 2;

overlay::Endpoint endpoint(std::size_t at) {
  return *overlay::Endpoint::parse("tcp://10.0.0." + std::to_string(at + 1) + ":7400");
}

overlay::Contact contact(std::size_t at) {
  const auto id = overlay::NodeId(overlay::Uint128{16 * at + 3} << 120);
  return {id, 0, {"r", endpoint(at), endpoint(at)}};
}

broker::BrokerConfig config() {
  broker::BrokerConfig config;
  config.clients.heartbeat = config.clients.silence = 1h;
  config.multicast.children_limit = 1;
  return config;
}

}  // namespace

BrokerChain::BrokerChain(std::size_t brokers) : hosts_(brokers) {
  for (std::size_t at = 0; at < brokers; ++at) {
    hosts_[at].broker = std::make_unique<broker::Broker>(config(), contact(at), at + 1);
    const auto seeds = at == 0 ? std::vector<overlay::Endpoint>{} : std::vector{endpoint(0)};
    with(at, [&](auto& broker, auto& out) { broker.start(now_, seeds, out); });
    pass(10s);
  }
  for (std::size_t at = 0; at < brokers; ++at) {
    connect(at, kSubscriber);
    connect(at, kPublisher);
    say(at, kSubscriber, client::Subscribe{1, kTopic, std::nullopt, std::uint64_t{1} << 40, 0});
    pass(1s);
  }
  pass(20s);
}

void BrokerChain::publish(std::size_t at, std::size_t batches, std::uint32_t messages) {
  for (std::size_t i = 0; i < batches; ++i) {
    BatchBodyWriter body;
    for (std::uint32_t m = 0; m < messages; ++m) body.append("sixteen bytes ..");
    say(at, kPublisher, client::Publish{kTopic, {7, next_, messages, body.take()}});
    next_ += messages;
    deliver_all();
  }
}

std::size_t BrokerChain::depth(std::size_t at) const {
  std::size_t depth = 0;
  for (;; ++depth) {
    const auto part = hosts_[at].broker->forest().part_in(*TopicName::parse(kTopic));
    if (!part || !part->parent || depth > hosts_.size()) return depth;
    at = this->at(*part->parent);
  }
}

std::uint64_t BrokerChain::delivered(std::size_t at) const {
  return hosts_[at].broker->stats().clients.delivered_messages;
}

template <class Call>
void BrokerChain::with(std::size_t at, Call call) {
  Host& host = hosts_[at];
  {
    const AllocationCount count(host.allocations);
    call(*host.broker, host.effects);
    host.broker->flush(now_, host.effects);
  }
  for (const broker::Effect& effect : host.effects) carry_out(at, effect);
  host.effects.clear();
}

void BrokerChain::carry_out(std::size_t from, const broker::Effect& effect) {
  if (const auto* peer = std::get_if<broker::ToPeer>(&effect)) {
    under_way_.push_back({at(peer->to.id()), hosts_[from].broker->node().self(), peer->wire});
  } else if (const auto* dial = std::get_if<broker::DialPeer>(&effect)) {
    for (std::size_t to = 0; to < hosts_.size(); ++to) {
      if (endpoint(to) == dial->endpoint) dials_.push_back({from, to});
    }
  }
}

std::size_t BrokerChain::at(overlay::NodeId node) const {
  std::size_t place = 0;
  while (contact(place).id() != node) ++place;
  return place;
}

void BrokerChain::say(std::size_t at, broker::SessionId session, const client::ClientFrame& frame) {
  const overlay::Wire wire = client::encode_client_frame(frame);
  with(at, [&](auto& broker, auto& out) { broker.client_message(now_, session, wire, out); });
}

void BrokerChain::connect(std::size_t at, broker::SessionId session) {
  with(at, [&](auto& broker, auto& out) { broker.client_connected(now_, session, out); });
  say(at, session, client::Hello{client::kVersion, client::kVersion, "test"});
}

void BrokerChain::deliver_all() {
  while (!under_way_.empty() || !dials_.empty()) {
    if (!dials_.empty()) {
      const Dial dial = dials_.front();
      dials_.pop_front();
      with(dial.from, [&](auto& broker, auto& out) {
        broker.dialed(now_, endpoint(dial.to), hosts_[dial.to].broker->node().self(), out);
      });
      continue;
    }
    const Sent sent = std::move(under_way_.front());
    under_way_.pop_front();
    with(sent.to,
         [&](auto& broker, auto& out) { broker.peer_message(now_, sent.from, sent.wire, out); });
  }
}

void BrokerChain::pass(Duration duration) {
  const Time end = now_ + duration;
  while (true) {
    deliver_all();
    Time next = end;
    for (const Host& host : hosts_) {
      if (host.broker) next = std::min(next, host.broker->next_tick());
    }
    if (next >= end) break;
    now_ = std::max(now_, next);
    for (std::size_t at = 0; at < hosts_.size(); ++at) {
      if (!hosts_[at].broker || hosts_[at].broker->next_tick() > now_) continue;
      with(at, [&](auto& broker, auto& out) { broker.tick(now_, out); });
    }
  }
  now_ = end;
}

}  // namespace phyllo::test
