#include "overlay/transport/inbound.h"

#include <utility>
#include <variant>

#include "base/envelope.h"
#include "overlay/transport/body_frame.h"
#include "overlay/transport/handshake.h"
#include "overlay/transport/peer_codec.h"

namespace phyllo::overlay::transport {

Result<std::unique_ptr<Inbound>> Inbound::open(zmq::context_t& context,
                                               const TransportConfig& config,
                                               RegionTraffic& regions) {
  RouterPort::Options options;
  options.listen = config.listen;
  options.frame_bytes = config.frame_bytes;
  options.connections = config.connections;
  options.silence = config.handshake;
  options.send_messages = 16;  // answers to hellos are all that goes back
  auto port = RouterPort::open(context, std::move(options));
  if (!port) return port.error();
  return std::unique_ptr<Inbound>(new Inbound(*std::move(port), config, regions));
}

bool Inbound::process(Time now, const Contact& self, Events& out) {
  port_->watch(now);
  RouterPort::Arrival arrival;
  bool more = true;
  for (std::size_t taken = 0; more && taken < config_.burst;) {
    more = port_->receive(arrival);
    if (more) taken += take(self, arrival, out);
  }
  for (const auto connection : port_->take_ended()) ended(connection, out);
  return more;
}

std::size_t Inbound::take(const Contact& self, RouterPort::Arrival& arrival, Events& out) {
  Peer& peer = peers_[arrival.from];
  const std::string_view frame = arrival.frame.to_string_view();
  if (peer.refused) {
    ++stats_.unwanted;
  } else if (Envelope::is(frame) && peer.contact && !arrival.body) {
    return open(peer, frame, out);
  } else {
    take_frame(self, arrival, peer, out);
  }
  return 1;
}

/// Bodies are copied out: one that waits would keep all others of its envelope.
std::size_t Inbound::open(Peer& peer, std::string_view envelope, Events& out) {
  EnvelopeReader reader(envelope);
  std::string_view header;
  std::string_view body;
  std::size_t messages = 1;
  for (; reader.next(header, body); ++messages) {
    Wire wire{std::string(header), {}};
    if (!body.empty()) wire.body = Payload::copy_of(body);
    deliver(peer, std::move(wire), out);
  }
  if (reader.malformed()) ++stats_.altered;
  return messages;
}

void Inbound::take_frame(const Contact& self, RouterPort::Arrival& arrival, Peer& peer,
                         Events& out) {
  auto frame = decode(arrival.frame.to_string_view());
  if (auto* message = frame ? std::get_if<Message>(&*frame) : nullptr;
      message != nullptr && peer.contact && !arrival.excess) {
    Wire wire{std::move(message->header), {}};
    if (arrival.body) wire.body = payload_of(*std::move(arrival.body));
    return deliver(peer, std::move(wire), out);
  }
  if (!frame || arrival.excess) return reject(arrival, peer, frame, out);
  if (auto* hello = std::get_if<Hello>(&*frame))
    return greet(self, arrival.from, peer, *hello, out);
  if (!peer.contact) {
    ++stats_.hello_missing;
    return refuse(arrival.from, peer, {kRefusedHelloFirst, "a hello must come first"}, "", out);
  }
  if (std::holds_alternative<Bye>(*frame)) {
    peer.leaving = true;
  } else {
    ++stats_.malformed;  // a Welcome or Refused does not come this way
  }
}

void Inbound::reject(const RouterPort::Arrival& arrival, Peer& peer, const Result<Frame>& frame,
                     Events& out) {
  const bool altered = !frame && frame.error().code == ErrorCode::kAltered;
  ++(altered ? stats_.altered : stats_.malformed);
  if (peer.contact) return;
  const Refusal why = altered ? Refusal{kRefusedAltered, "the hello was altered on its way"}
                              : Refusal{kRefusedMalformed, "this port is for Phyllo brokers"};
  refuse(arrival.from, peer, why, "", out);
}

void Inbound::greet(const Contact& self, RouterPort::Connection from, Peer& peer,
                    const Hello& hello, Events& out) {
  auto answered = answer(hello, config_.cluster, self);
  const bool other_id = peer.contact && hello.sender && peer.contact->id() != hello.sender->id();
  if (other_id) answered = Refusal{kRefusedMalformed, "another node's hello came before"};
  if (const auto* refusal = std::get_if<Refusal>(&answered)) {
    ++stats_.refused_here;
    return refuse(from, peer, *refusal, hello.sender ? hello.sender->id().hex() : "", out);
  }
  peer.contact = std::make_shared<const Contact>(*hello.sender);
  peer.region = &regions_.of(peer.contact->region());
  port_->send(from, zmq::message_t(encode(std::get<Welcome>(std::move(answered)))));
}

void Inbound::refuse(RouterPort::Connection from, Peer& peer, const Refusal& refusal,
                     std::string who, Events& out) {
  peer.refused = true;
  port_->send(from, zmq::message_t(encode(refusal)));
  out.push_back(Refused{Refused::By::kUs, std::move(who), refusal.code, refusal.message});
}

void Inbound::deliver(Peer& peer, Wire wire, Events& out) {
  peer.traffic.received(wire.size());
  peer.region->received(wire.size());
  out.push_back(Received{*peer.contact, std::move(wire)});
}

void Inbound::ended(RouterPort::Connection connection, Events& out) {
  const auto found = peers_.find(connection);
  if (found == peers_.end()) return;
  const Peer& peer = found->second;
  if (peer.contact && !peer.leaving && !peer.refused) {
    out.push_back(Disconnected{peer.contact->id(), "the peer's connection was closed"});
  }
  peers_.erase(found);
}

void Inbound::add_to(TransportStats& stats) const {
  const auto port = port_->stats();
  stats.refused_here += stats_.refused_here;
  stats.hello_missing += stats_.hello_missing;
  stats.malformed += stats_.malformed;
  stats.altered += stats_.altered;
  stats.unwanted += stats_.unwanted;
  stats.accepted += port.accepted;
  stats.accepted_over_limit += port.over_limit;
  stats.accepted_silent += port.silent;
  stats.accept_foreign_ids += port.foreign_ids;
  stats.accept_failures += port.failed;
  stats.connections += port.open;
  for (const auto& [connection, peer] : peers_) stats.peers += peer.contact ? 1 : 0;
}

void Inbound::add_to(std::vector<PeerTraffic>& traffic) const {
  for (const auto& [connection, peer] : peers_) {
    if (!peer.contact) continue;
    traffic.push_back({peer.contact->id(), peer.contact->region(), peer.traffic, 0});
  }
}

}  // namespace phyllo::overlay::transport
