#include "tests/transport/raw_peer.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "base/check.h"
#include "overlay/transport/peer_codec.h"
#include "overlay/transport/sockets.h"
#include "tests/transport/station.h"

namespace phyllo::overlay::transport {
namespace {

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

std::uint16_t port_of(const Endpoint& endpoint) {
  const std::string& text = endpoint.text();
  return static_cast<std::uint16_t>(std::stoi(text.substr(text.rfind(':') + 1)));
}

}  // namespace

RawPeer::RawPeer(const Endpoint& to, const std::string& routing_id)
    : socket_(test_context(), zmq::socket_type::dealer) {
  socket_.set(zmq::sockopt::linger, 0);
  socket_.set(zmq::sockopt::reconnect_ivl, -1);
  socket_.set(zmq::sockopt::sndhwm, 0);
  if (!routing_id.empty()) socket_.set(zmq::sockopt::routing_id, routing_id);
  socket_.connect(to.text());
}

void RawPeer::say(const std::vector<std::string>& frames) {
  for (std::size_t i = 0; i < frames.size(); ++i) {
    send_now(socket_, zmq::message_t(frames[i]), i + 1 < frames.size() ? Part::kMore : Part::kLast);
  }
}

void RawPeer::say(const Frame& frame) { say({encode(frame)}); }

const std::vector<Frame>& RawPeer::answers() {
  zmq::message_t frame;
  while (receive_now(socket_, frame)) {
    answers_.push_back(decode(frame.to_string_view()).value());
  }
  return answers_;
}

const Refusal* RawPeer::refusal() {
  for (const auto& answer : answers()) {
    if (const auto* refusal = std::get_if<Refusal>(&answer)) return refusal;
  }
  return nullptr;
}

bool RawPeer::welcomed() {
  for (const auto& answer : answers()) {
    if (std::holds_alternative<Welcome>(answer)) return true;
  }
  return false;
}

RawServer::RawServer(std::string answer)
    : socket_(test_context(), zmq::socket_type::router), answer_(std::move(answer)) {
  socket_.set(zmq::sockopt::linger, 0);
  socket_.bind("tcp://127.0.0.1:0");
}

Endpoint RawServer::endpoint() const {
  return transport::endpoint(socket_.get(zmq::sockopt::last_endpoint));
}

void RawServer::turn() {
  zmq::message_t id;
  while (receive_now(socket_, id)) {
    zmq::message_t frame;
    receive_now(socket_, frame);
    frames_.push_back(frame.to_string());
    while (frame.more() && receive_now(socket_, frame)) {
    }
    if (answer_.empty()) continue;
    send_now(socket_, std::move(id), Part::kMore);
    send_now(socket_, zmq::message_t(answer_), Part::kLast);
  }
}

PlainSocket PlainSocket::connected_to(const Endpoint& endpoint) {
  PlainSocket made(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  PHYLLO_CHECK(made.fd_ >= 0);
  const sockaddr_in address = loopback(port_of(endpoint));
  PHYLLO_CHECK(connect(made.fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  return made;
}

PlainSocket PlainSocket::listening() {
  PlainSocket made(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  PHYLLO_CHECK(made.fd_ >= 0);
  const sockaddr_in address = loopback(0);
  PHYLLO_CHECK(bind(made.fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  PHYLLO_CHECK(listen(made.fd_, 16) == 0);
  return made;
}

PlainSocket::~PlainSocket() {
  if (fd_ >= 0) close(fd_);
}

Endpoint PlainSocket::endpoint() const {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  PHYLLO_CHECK(getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
  return transport::endpoint("tcp://127.0.0.1:" + std::to_string(ntohs(address.sin_port)));
}

void PlainSocket::write(const std::string& bytes) {
  static_cast<void>(send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL));
}

bool PlainSocket::ended() {
  std::array<char, 256> bytes;
  while (true) {
    const auto count = recv(fd_, bytes.data(), bytes.size(), MSG_DONTWAIT);
    if (count == 0) return true;
    if (count < 0) return errno != EAGAIN;
  }
}

}  // namespace phyllo::overlay::transport
