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
  for (std::size_t taken = 0; more_ && taken < options_.burst; ++taken) {
    more_ = port_->receive(arrival);
    if (more_) take(arrival, out);
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

void ClientGateway::take(RouterPort::Arrival& arrival, Events& out) {
  const SessionId session = arrival.from;
  if (closing_.contains(session)) {
    ++stats_.unwanted;
    return;
  }
  if (const auto [known, first] = sessions_.try_emplace(session); first) {
    known->second.unsent = std::make_shared<overlay::transport::SendLedger>();
    out.push_back(Connected{session});
  }
  if (arrival.excess) {
    ++stats_.malformed;
    return;
  }
  overlay::Wire wire{arrival.frame.to_string(), {}};
  if (arrival.body) wire.body = overlay::transport::payload_of(*std::move(arrival.body));
  out.push_back(Message{session, std::move(wire)});
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
  const auto& unsent = found->second.unsent;
  const std::size_t bytes = wire.size() + kMessageOverhead;
  if (unsent->bytes + bytes > options_.unsent_bytes) {
    ++stats_.overflows;
    found->second.overflowed = true;  // nothing may follow what is left out here
    port_->end(session);
    return;
  }
  const Posted posted =
      wire.body.empty()
          ? port_->send(session, frame_of(std::move(wire.header), unsent, bytes))
          : port_->send(session, zmq::message_t(wire.header), frame_of(wire.body, unsent, bytes));
  if (posted != Posted::kYes) ++stats_.unsendable;
}

void ClientGateway::close(Time now, SessionId session, Closing how) {
  if (!sessions_.contains(session)) return;
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
