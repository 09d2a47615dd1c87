#include "sdk/src/link.h"

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <utility>

namespace phyllo::internal {
namespace {

/// Publications handed to libzmq and not yet written to the connection: few, so that they are
/// collected here instead of queued there.
constexpr int kSendQueue = 32;
/// How long a goodbye may take to get out.
constexpr int kLingerMilliseconds = 500;
/// Of batches on their way through the program; about what one subscription has credit for.
constexpr std::size_t kKeptBytes = 4 << 20;
/// Of what signals interrupt. libzmq also says so for ever, in a process that was forked off.
constexpr int kMostTries = 100;
/// Bodies below this are copied: cheaper than sharing them.
constexpr std::size_t kCopyBytes = 512;

/// A program that once freed a large block gets this from glibc by itself: up to twice as much
/// stays with the program when it is freed at the end of a heap. Else each batch that libzmq
/// receives is in fresh memory, with a page fault for every 4 KiB.
void keep_freed_memory() {
  void* volatile block = std::malloc(kKeptBytes);
  std::free(block);
}

/// One context per process, never ended: a name look-up that hangs inside libzmq would make its end
/// wait, and closing a client must not.
zmq::context_t& context() {
  static auto* const shared = [] {
    keep_freed_memory();
    return new zmq::context_t(1);
  }();
  return *shared;
}

std::string next_monitor_name() {
  static std::atomic<std::uint64_t> count{0};
  return "inproc://phyllo-client-monitor-" + std::to_string(++count);
}

/// Keeps a body alive while libzmq writes it. libzmq passes it from thread to thread in ways of its
/// own; the flag makes that hand-over visible to the memory model, and so to ThreadSanitizer.
struct Lent {
  Payload body;
  std::atomic<bool> handed_over{false};
};

zmq::message_t body_frame(const Payload& body) {
  if (body.size() < kCopyBytes) return zmq::message_t(body.data(), body.size());
  auto* const lent = new Lent{body};
  // libzmq calls this from its own thread, when the last byte is written.
  const auto release = [](void*, void* hint) {
    auto* const done = static_cast<Lent*>(hint);
    if (done->handed_over.load(std::memory_order_acquire)) delete done;
  };
  zmq::message_t frame(const_cast<char*>(body.data()), body.size(), release, lent);
  lent->handed_over.store(true, std::memory_order_release);
  return frame;
}

/// When a signal comes while libzmq looks what its own thread has to say, it gives up before it did
/// anything. Not only our threads come here, also those of the program, which take its signals.
template <class Call>
auto whatever_signals_come(Call call) {
  for (int tries = 1;; ++tries) {
    try {
      return call();
    } catch (const zmq::error_t& error) {
      if (error.num() != EINTR || tries == kMostTries) throw;
    }
  }
}

zmq::send_result_t send_now(zmq::socket_t& socket, zmq::message_t& frame, zmq::send_flags flags) {
  return whatever_signals_come(
      [&] { return socket.send(frame, flags | zmq::send_flags::dontwait); });
}

zmq::recv_result_t receive_now(zmq::socket_t& socket, zmq::message_t& frame) {
  return whatever_signals_come([&] { return socket.recv(frame, zmq::recv_flags::dontwait); });
}

Payload adopt(zmq::message_t frame) {
  const auto owner = std::make_shared<zmq::message_t>(std::move(frame));
  const std::string_view bytes(static_cast<const char*>(owner->data()), owner->size());
  return Payload::adopt(owner, bytes);
}

}  // namespace

Link::Link(const std::string& endpoint, Family family, const Limits& limits)
    : socket_(context(), zmq::socket_type::dealer), monitor_(context(), zmq::socket_type::pair) {
  const int timeout = static_cast<int>(limits.connect_timeout.count());
  socket_.set(zmq::sockopt::reconnect_ivl, -1);
  socket_.set(zmq::sockopt::linger, kLingerMilliseconds);
  socket_.set(zmq::sockopt::sndhwm, kSendQueue);
  socket_.set(zmq::sockopt::rcvhwm, 1000);
  socket_.set(zmq::sockopt::maxmsgsize, static_cast<std::int64_t>(limits.receive_bytes));
  socket_.set(zmq::sockopt::connect_timeout, timeout);
  socket_.set(zmq::sockopt::handshake_ivl, timeout);
  socket_.set(zmq::sockopt::ipv6, family == Family::kIPv6);
  const std::string name = next_monitor_name();
  constexpr int kEvents = ZMQ_EVENT_DISCONNECTED | ZMQ_EVENT_CLOSED |
                          ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL |
                          ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH;
  try {
    if (zmq_socket_monitor(socket_.handle(), name.c_str(), kEvents) != 0) throw zmq::error_t();
    monitor_.set(zmq::sockopt::linger, 0);
    whatever_signals_come([&] { monitor_.connect(name); });
    whatever_signals_come([&] { socket_.connect(endpoint); });
  } catch (const zmq::error_t& error) {
    failure_ = error.what();
  }
  socket_fd_ = socket_.get(zmq::sockopt::fd);
  monitor_fd_ = monitor_.get(zmq::sockopt::fd);
}

Link::~Link() {
  zmq_socket_monitor(socket_.handle(), nullptr, 0);
  monitor_.close();
}

bool Link::send(Outgoing& message) {
  sent_ = true;
  const auto flags = message.body ? zmq::send_flags::sndmore : zmq::send_flags::none;
  try {
    zmq::message_t header(message.header.data(), message.header.size());
    if (!send_now(socket_, header, flags)) return false;
    // The second frame of a message always finds room where the first did.
    if (message.body) {
      zmq::message_t body = body_frame(*message.body);
      send_now(socket_, body, zmq::send_flags::none);
    }
  } catch (const zmq::error_t& error) {
    if (!failure_) failure_ = error.what();
  }
  return true;
}

std::optional<Link::Received> Link::receive() {
  try {
    Received received;
    if (!receive_now(socket_, received.header)) {
      sent_ = false;
      return {};
    }
    bool more = received.header.more();
    for (int frame = 1; more; ++frame) {
      zmq::message_t next;
      if (!receive_now(socket_, next)) break;
      more = next.more();
      if (frame == 1)
        received.body = adopt(std::move(next));
      else
        received.malformed = true;
    }
    return received;
  } catch (const zmq::error_t& error) {
    if (!failure_) failure_ = error.what();
    return {};
  }
}

std::optional<std::string> Link::broken() {
  if (std::exchange(watch_, false)) watch();
  return failure_;
}

bool Link::settled(int wanted) {
  if (!std::exchange(sent_, false)) return true;
  try {
    const int events = whatever_signals_come([&] { return socket_.get(zmq::sockopt::events); });
    return (events & wanted) == 0;
  } catch (const zmq::error_t& error) {
    if (!failure_) failure_ = error.what();
    return true;
  }
}

/// Each event is two frames: number and value, then the address.
void Link::watch() {
  try {
    zmq::message_t event;
    while (receive_now(monitor_, event)) {
      zmq::message_t address;
      if (event.more() && !receive_now(monitor_, address)) return;
      std::uint16_t number = 0;
      std::uint32_t value = 0;
      if (event.size() < sizeof number + sizeof value) continue;
      std::memcpy(&number, event.data(), sizeof number);
      std::memcpy(&value, static_cast<const char*>(event.data()) + sizeof number, sizeof value);
      if (failure_) continue;
      if (number == ZMQ_EVENT_DISCONNECTED)
        failure_ = "the connection was lost";
      else if (number == ZMQ_EVENT_CLOSED)
        failure_ = "cannot connect";
      else
        failure_ = "no Phyllo broker answers there";
    }
  } catch (const zmq::error_t& error) {
    if (!failure_) failure_ = error.what();
  }
}

}  // namespace phyllo::internal
