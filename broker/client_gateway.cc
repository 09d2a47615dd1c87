#include "broker/client_gateway.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "broker/ipc_path.h"
#include "overlay/transport/body_frame.h"

namespace phyllo::broker {
namespace {

using overlay::transport::Posted;
using overlay::transport::RouterPort;

/// Bodies up to here are copied: cheaper than sharing, and nothing else waits for their release.
constexpr std::size_t kCopyUpTo = 512;
/// Last words get this long to leave when the broker stops.
constexpr Duration kLinger = std::chrono::seconds(1);

std::optional<zmq::message_t> body_frame(const Payload& body) {
  if (body.empty()) return std::nullopt;
  if (body.size() <= kCopyUpTo) return zmq::message_t(body.data(), body.size());
  return overlay::transport::frame_of(body);
}

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
  if (sessions_.insert(session).second) out.push_back(Connected{session});
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
  zmq::message_t header(wire.header);
  if (port_->send(session, std::move(header), body_frame(wire.body)) != Posted::kYes) {
    ++stats_.unsendable;
  }
}

void ClientGateway::close(Time now, SessionId session) {
  if (sessions_.contains(session)) closing_.try_emplace(session, now + options_.close_grace);
}

ClientGateway::Stats ClientGateway::stats() const {
  Stats stats = stats_;
  stats.port = port_->stats();
  return stats;
}

}  // namespace phyllo::broker
