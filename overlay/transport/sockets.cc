#include "overlay/transport/sockets.h"

#include <cerrno>
#include <cstdint>
#include <string_view>

#include "base/check.h"

namespace phyllo::overlay::transport {

void set_common_options(zmq::socket_t& socket, std::size_t frame_bytes) {
  socket.set(zmq::sockopt::maxmsgsize, static_cast<std::int64_t>(frame_bytes));
  socket.set(zmq::sockopt::handshake_ivl, 5000);
  socket.set(zmq::sockopt::tcp_keepalive, 1);
  socket.set(zmq::sockopt::tcp_keepalive_idle, 30);
  socket.set(zmq::sockopt::tcp_keepalive_intvl, 10);
  socket.set(zmq::sockopt::tcp_keepalive_cnt, 3);
}

int to_milliseconds(Duration duration) {
  return static_cast<int>(std::chrono::ceil<std::chrono::milliseconds>(duration).count());
}

Family family_of(const Endpoint& endpoint) {
  return endpoint.text().starts_with("tcp://[") ? Family::kIPv6 : Family::kIPv4;
}

Family other(Family family) { return family == Family::kIPv4 ? Family::kIPv6 : Family::kIPv4; }

bool has_name(const Endpoint& endpoint) {
  constexpr std::string_view kTcp = "tcp://";
  const std::string_view text = endpoint.text();
  if (!text.starts_with(kTcp) || family_of(endpoint) == Family::kIPv6) return false;
  const auto host = text.substr(kTcp.size(), text.rfind(':') - kTcp.size());
  return host.find_first_not_of("0123456789.") != std::string_view::npos;
}

void set_family(zmq::socket_t& socket, Family family) {
  socket.set(zmq::sockopt::ipv6, family == Family::kIPv6 ? 1 : 0);
}

bool receive_now(zmq::socket_t& socket, zmq::message_t& frame) {
  int received = -1;
  do {
    received = zmq_msg_recv(frame.handle(), socket.handle(), ZMQ_DONTWAIT);
  } while (received < 0 && errno == EINTR);
  PHYLLO_CHECK(received >= 0 || errno == EAGAIN);
  return received >= 0;
}

Posted send_now(zmq::socket_t& socket, zmq::message_t frame, Part part) {
  const int flags = ZMQ_DONTWAIT | (part == Part::kMore ? ZMQ_SNDMORE : 0);
  int sent = -1;
  do {
    sent = zmq_msg_send(frame.handle(), socket.handle(), flags);
  } while (sent < 0 && errno == EINTR);
  if (sent >= 0) return Posted::kYes;
  PHYLLO_CHECK(errno == EAGAIN || errno == EHOSTUNREACH);
  return errno == EAGAIN ? Posted::kNoRoom : Posted::kNobody;
}

}  // namespace phyllo::overlay::transport
