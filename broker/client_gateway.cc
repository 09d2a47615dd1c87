#include "broker/client_gateway.h"

#include <algorithm>
#include <utility>

#include "broker/ipc_path.h"

namespace phyllo::broker {
namespace {

using overlay::transport::frame_of;
using overlay::transport::Posted;
using overlay::transport::RouterPort;

/// What an unsent message costs beside its bytes: small ones must not get around the bound.
constexpr std::size_t kMessageOverhead = 128;
/// Last words get this long to leave when the broker stops.
constexpr Duration kLinger = std::chrono::seconds(1);

}  // namespace

Result<std::unique_ptr<ClientGateway>> ClientGateway::open(zmq::context_t& context,
                                                           Options options) {
  for (const auto& endpoint : options.listen) {
    if (auto claimed = claim_ipc_path(endpoint); !claimed) return claimed.error();
  }
  RouterPort::Options port_options;
  port_options.listen = options.listen;
  port_options.frame_bytes = options.frame_bytes;
  port_options.connections = options.connections;
  port_options.silence = options.silence;
  port_options.linger = kLinger;
  port_options.send_messages = 0;
  auto port = RouterPort::open(context, std::move(port_options));
  if (!port) return port.error();
  for (const auto& endpoint : options.listen) {
    if (auto restricted = restrict_ipc_path(endpoint); !restricted) return restricted.error();
  }
  return std::unique_ptr<ClientGateway>(new ClientGateway(*std::move(port), std::move(options)));
}

void ClientGateway::process(Time now, Events& out) {
  port_->watch(now);
  RouterPort::Arrival arrival;
  more_ = true;
  for (std::size_t taken = 0; more_ && taken < options_.burst;) {
    more_ = port_->receive(arrival);
    if (more_) taken += take(arrival, out);
  }
  for (const SessionId session : port_->take_ended()) {
    const bool closed_by_us = closing_.erase(session) > 0;
    if (sessions_.erase(session) > 0 && !closed_by_us) out.push_back(Gone{session});
  }
  for (auto& [session, deadline] : closing_) {
    if (now < deadline) continue;
    port_->end(session);
    deadline = kNever;
  }
}

std::size_t ClientGateway::take(RouterPort::Arrival& arrival, Events& out) {
  const SessionId session = arrival.from;
  if (closing_.contains(session)) {
    ++stats_.unwanted;
    return 1;
  }
  if (const auto [known, first] = sessions_.try_emplace(session); first) {
    known->second.unsent = std::make_shared<overlay::transport::SendLedger>();
    out.push_back(Connected{session});
  }
  if (arrival.excess) {
    ++stats_.malformed;
    return 1;
  }
  const std::string_view frame = arrival.frame.to_string_view();
  if (Envelope::is(frame) && !arrival.body) return open(session, frame, out);
  overlay::Wire wire{arrival.frame.to_string(), {}};
  if (arrival.body) wire.body = overlay::transport::payload_of(*std::move(arrival.body));
  out.push_back(Message{session, std::move(wire)});
  return 1;
}

/// Bodies are copied out: one that waits would keep all others of its envelope. What is no envelope
/// ends the session, as any frame does that is no message.
std::size_t ClientGateway::open(SessionId session, std::string_view envelope, Events& out) {
  EnvelopeReader reader(envelope);
  std::string_view header;
  std::string_view body;
  std::size_t messages = 1;
  for (; reader.next(header, body); ++messages) {
    overlay::Wire wire{std::string(header), {}};
    if (!body.empty()) wire.body = Payload::copy_of(body);
    out.push_back(Message{session, std::move(wire)});
  }
  if (reader.malformed()) out.push_back(Message{session, {std::string(envelope), {}}});
  return messages;
}

Time ClientGateway::next_tick() {
  if (more_ || port_->unsettled()) return Time::min();
  Time next = port_->next_deadline();
  for (const auto& [session, deadline] : closing_) next = std::min(next, deadline);
  return next;
}

void ClientGateway::send(SessionId session, overlay::Wire wire) {
  const auto found = sessions_.find(session);
  if (found == sessions_.end() || found->second.overflowed) {
    ++stats_.unsendable;
    return;
  }
  Session& to = found->second;
  const std::size_t cost = wire.size() + kMessageOverhead;
  if (to.unsent->bytes + to.collected.cost() + cost > options_.unsent_bytes) {
    ++stats_.overflows;
    to.overflowed = true;  // nothing may follow what is left out here
    port_->end(session);
    return;
  }
  const bool collect = overlay::transport::Collected::takes(wire);
  if (!collect || !to.collected.fits(wire)) post_collected(session, to);
  if (!collect) return post(session, to, std::move(wire), cost);
  if (to.collected.empty()) collecting_.push_back(session);
  to.collected.add(std::move(wire));
  to.collected.charge(cost);
}

void ClientGateway::flush() {
  for (const SessionId session : collecting_) {
    const auto found = sessions_.find(session);
    if (found != sessions_.end()) post_collected(session, found->second);
  }
  collecting_.clear();
}

void ClientGateway::post_collected(SessionId id, Session& session) {
  if (session.collected.empty()) return;
  auto taken = session.collected.take();
  post(id, session, std::move(taken.wire), taken.cost);
}

void ClientGateway::post(SessionId id, Session& session, overlay::Wire wire, std::size_t cost) {
  const auto& unsent = session.unsent;
  const Posted posted =
      wire.body.empty()
          ? port_->send(id, frame_of(std::move(wire.header), unsent, cost))
          : port_->send(id, zmq::message_t(wire.header), frame_of(wire.body, unsent, cost));
  if (posted != Posted::kYes) ++stats_.unsendable;
}

void ClientGateway::close(Time now, SessionId session, Closing how) {
  const auto found = sessions_.find(session);
  if (found == sessions_.end()) return;
  post_collected(session, found->second);
  if (how == Closing::kAtOnce) {
    closing_[session] = kNever;
    port_->end(session);
  } else {
    closing_.try_emplace(session, now + options_.close_grace);
  }
}

ClientGateway::Stats ClientGateway::stats() const {
  Stats stats = stats_;
  stats.port = port_->stats();
  return stats;
}

}  // namespace phyllo::broker
