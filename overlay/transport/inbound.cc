#include "overlay/transport/inbound.h"

#include <utility>
#include <variant>

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
  for (std::size_t taken = 0; more && taken < config_.burst; ++taken) {
    more = port_->receive(arrival);
    if (more) take(self, arrival, out);
  }
  for (const auto connection : port_->take_ended()) ended(connection, out);
  return more;
}

void Inbound::take(const Contact& self, RouterPort::Arrival& arrival, Events& out) {
  Peer& peer = peers_[arrival.from];
  if (peer.refused) {
    ++stats_.unwanted;
    return;
  }
  auto frame = decode(arrival.frame.to_string_view());
  if (auto* message = frame ? std::get_if<Message>(&*frame) : nullptr;
      message != nullptr && peer.contact && !arrival.excess) {
    return deliver(peer, std::move(*message), arrival, out);
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

void Inbound::deliver(Peer& peer, Message message, RouterPort::Arrival& arrival, Events& out) {
  Wire wire{std::move(message.header), {}};
  if (arrival.body) wire.body = payload_of(*std::move(arrival.body));
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
