#include "overlay/transport/link.h"

#include <algorithm>
#include <utility>

#include "overlay/transport/handshake.h"
#include "overlay/transport/peer_codec.h"

namespace phyllo::overlay::transport {
namespace {

/// A goodbye, and what was sent before it, gets this long to leave.
constexpr Duration kLinger = std::chrono::milliseconds(500);
/// The body of a batch that is not a flood's: those are long when a queue is full.
constexpr std::size_t kShortBody = 4 << 10;

}  // namespace

Link::Link(const TransportConfig& config, Target target, Traffic* region, Time now, Time connect_at)
    : config_(config),
      target_(std::move(target)),
      region_(region),
      connect_at_(connect_at),
      last_used_(now),
      incarnation_(target_.peer ? target_.peer->incarnation() : 0) {}

bool Link::superseded_by(const Contact& contact, const Endpoint& endpoint) const {
  if (contact.incarnation() != incarnation_) return contact.incarnation() > incarnation_;
  return contact.incarnation() == target_.peer->incarnation() && endpoint != target_.endpoint;
}

Link::Progress Link::open(Time now, zmq::context_t& context, Family family,
                          const std::string& hello, EpollSet& epoll, std::uint64_t tag) {
  auto dealer = Dealer::connect(context, target_.endpoint, family, config_.frame_bytes, epoll, tag);
  if (!dealer) return Over{dealer.error().message};
  dealer_ = *std::move(dealer);
  greeted_by_ = now + config_.handshake;
  dealer_->send_frame(hello);
  for (auto& wire : pending_) dealer_->send_message(std::move(wire));
  pending_.clear();
  pending_bytes_ = 0;
  return process(now);  // ZeroMQ signals only those who once found nothing
}

void Link::say(const std::string& frame) {
  flush();
  if (dealer_) dealer_->send_frame(frame);
}

std::size_t Link::room_for(const Wire& wire) const {
  std::size_t reserve = 0;
  if (wire.body.empty()) {
    reserve = config_.control_reserve_bytes;
  } else if (wire.body.size() <= kShortBody) {
    reserve = config_.control_reserve_bytes / 2;
  }
  return config_.queue_bytes + reserve;
}

bool Link::send(Time now, Wire& wire) {
  const std::size_t cost = Dealer::cost(wire);
  if (queued() + cost > room_for(wire)) return false;
  last_used_ = now;
  traffic_.sent(wire.size());
  region_->sent(wire.size());
  if (!dealer_) {
    pending_bytes_ += cost;
    pending_.push_back(std::move(wire));
    return true;
  }
  const bool collect = Collected::takes(wire);
  if (!collect || !collected_.fits(wire)) flush();
  if (collect) {
    collected_.add(std::move(wire));
    collected_.charge(cost);
  } else {
    dealer_->send_message(std::move(wire));
  }
  return true;
}

void Link::flush() {
  if (collected_.empty()) return;
  Collected::Taken taken = collected_.take();
  if (taken.kind == Collected::Taken::Kind::kMessage) {
    dealer_->send_message(std::move(taken.wire));
  } else {
    dealer_->send_envelope(std::move(taken.wire.header), taken.cost);
  }
}

Link::Progress Link::process(Time now) {
  if (!dealer_) return {};
  const bool lost = dealer_->lost();
  zmq::message_t frame;
  while (dealer_->receive(frame)) {
    Progress progress = answered(now, frame);
    if (!std::holds_alternative<std::monostate>(progress)) return progress;
  }
  if (!lost) return {};
  return Over{welcomed_ ? "the connection was closed" : "the connection could not be made"};
}

Link::Progress Link::answered(Time now, const zmq::message_t& bytes) {
  auto frame = decode(bytes.to_string_view());
  if (!frame && frame.error().code == ErrorCode::kAltered) {
    ++altered_;
    return {};
  }
  if (!frame) return Refusal{kRefusedMalformed, "its answer is " + frame.error().message};
  if (auto* refusal = std::get_if<Refusal>(&*frame)) return std::move(*refusal);
  auto* welcome = std::get_if<Welcome>(&*frame);
  if (welcome == nullptr) return {};  // nothing else comes back over a connection out
  if (welcome->version < kMinVersion || welcome->version > kMaxVersion) {
    return Refusal{kRefusedVersion, "it chose version " + std::to_string(welcome->version)};
  }
  const NodeId found = welcome->receiver.id();
  if (target_.peer && target_.peer->id() != found) return wrong_node(target_.peer->id(), found);
  last_used_ = now;
  welcomed_ = true;
  greeted_by_ = kNever;
  incarnation_ = std::max(incarnation_, welcome->receiver.incarnation());
  return std::move(*welcome);
}

Time Link::deadline() const {
  if (!dealer_) return connect_at_;
  return std::min(greeted_by_, last_used_ + config_.idle);
}

void Link::leave(const std::string& bye) {
  if (!dealer_) return;
  flush();
  dealer_->send_frame(bye);
  dealer_->close_after(kLinger);
}

}  // namespace phyllo::overlay::transport
