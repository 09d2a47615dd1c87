#include "overlay/transport/dealer.h"

#include <utility>

#include "overlay/transport/peer_codec.h"
#include "overlay/transport/sockets.h"

namespace phyllo::overlay::transport {
namespace {

constexpr int kMonitored = ZMQ_EVENT_CLOSED | ZMQ_EVENT_DISCONNECTED |
                           ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL |
                           ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH;

/// What a queued message costs beside its bytes: small ones must not get around the bound.
constexpr std::size_t kMessageOverhead = 128;

}  // namespace

Result<std::unique_ptr<Dealer>> Dealer::connect(zmq::context_t& context, const Endpoint& endpoint,
                                                Family family, std::size_t frame_bytes,
                                                EpollSet& epoll, std::uint64_t tag) {
  try {
    std::unique_ptr<Dealer> dealer(new Dealer(context, frame_bytes, epoll, tag));
    set_family(dealer->socket_, family);
    dealer->socket_.connect(endpoint.text());
    return dealer;
  } catch (const zmq::error_t& error) {
    return Error{ErrorCode::kUnavailable, error.what()};
  }
}

Dealer::Dealer(zmq::context_t& context, std::size_t frame_bytes, EpollSet& epoll, std::uint64_t tag)
    : socket_(context, zmq::socket_type::dealer),
      monitor_(context, socket_, kMonitored),
      epoll_(epoll) {
  set_common_options(socket_, frame_bytes);
  socket_.set(zmq::sockopt::linger, 0);
  socket_.set(zmq::sockopt::reconnect_ivl, -1);
  socket_.set(zmq::sockopt::sndhwm, 0);  // the ledger bounds it, in bytes
  socket_.set(zmq::sockopt::rcvhwm, 16);
  epoll_.add(socket_.get(zmq::sockopt::fd), tag);
  epoll_.add(monitor_.fd(), tag);
}

Dealer::~Dealer() {
  epoll_.remove(socket_.get(zmq::sockopt::fd));
  epoll_.remove(monitor_.fd());
}

void Dealer::send_frame(const std::string& frame) {
  if (send_now(socket_, zmq::message_t(frame), Part::kLast) != Posted::kYes) lost_ = true;
}

void Dealer::send_message(Wire wire) {
  const std::size_t bytes = cost(wire);
  const std::size_t size = message_frame_size(wire.header);
  if (wire.body.empty()) {
    std::string frame(size, '\0');
    write_message_frame(wire.header, frame.data());
    if (send_now(socket_, frame_of(std::move(frame), ledger_, bytes), Part::kLast) !=
        Posted::kYes) {
      lost_ = true;
    }
    return;
  }
  zmq::message_t frame(size);
  write_message_frame(wire.header, static_cast<char*>(frame.data()));
  if (send_now(socket_, std::move(frame), Part::kMore) != Posted::kYes ||
      send_now(socket_, frame_of(wire.body, ledger_, bytes), Part::kLast) != Posted::kYes) {
    lost_ = true;
  }
}

void Dealer::send_envelope(std::string envelope, std::size_t cost) {
  zmq::message_t frame = frame_of(std::move(envelope), ledger_, cost);
  if (send_now(socket_, std::move(frame), Part::kLast) != Posted::kYes) lost_ = true;
}

std::size_t Dealer::cost(const Wire& wire) { return wire.size() + kMessageOverhead; }

bool Dealer::receive(zmq::message_t& frame) { return receive_now(socket_, frame); }

bool Dealer::unsettled() { return lost_ || (socket_.get(zmq::sockopt::events) & ZMQ_POLLIN) != 0; }

bool Dealer::lost() {
  while (monitor_.next()) lost_ = true;
  return lost_;
}

void Dealer::close_after(Duration linger) {
  socket_.set(zmq::sockopt::linger, to_milliseconds(linger));
}

}  // namespace phyllo::overlay::transport
