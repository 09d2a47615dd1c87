#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "broker/client_gateway.h"
#include "overlay/transport/epoll_set.h"
#include "overlay/transport/sockets.h"

namespace phyllo::broker {

namespace transport = overlay::transport;
using overlay::Endpoint;
using overlay::Wire;

/// A gateway on a socket of this host, and programs that are sockets of the test's own.
class ClientGatewayTest : public testing::Test {
 protected:
  /// A program: a DEALER socket of the test's own.
  class Program {
   public:
    /// `read_ahead`: how many messages it takes in before anybody asks for them; 0: all.
    Program(zmq::context_t& context, const Endpoint& to, int read_ahead = 0)
        : socket_(context, zmq::socket_type::dealer) {
      socket_.set(zmq::sockopt::linger, 0);
      socket_.set(zmq::sockopt::reconnect_ivl, -1);
      socket_.set(zmq::sockopt::sndhwm, 0);
      socket_.set(zmq::sockopt::rcvhwm, read_ahead);
      socket_.connect(to.text());
    }

    void say(const std::vector<std::string>& frames) {
      for (std::size_t i = 0; i < frames.size(); ++i) {
        const auto part = i + 1 < frames.size() ? transport::Part::kMore : transport::Part::kLast;
        transport::send_now(socket_, zmq::message_t(frames[i]), part);
      }
    }
    const std::vector<std::string>& heard() {
      zmq::message_t frame;
      while (transport::receive_now(socket_, frame)) heard_.push_back(frame.to_string());
      return heard_;
    }

   private:
    zmq::socket_t socket_;
    std::vector<std::string> heard_;
  };

  void open(ClientGateway::Options options = {}) {
    if (options.listen.empty()) options.listen = {endpoint("tcp://127.0.0.1:0")};
    auto opened = ClientGateway::open(context_, std::move(options));
    ASSERT_TRUE(opened.ok()) << opened.error().message;
    gateway_ = *std::move(opened);
  }
  Program program(std::size_t listener = 0) {
    return Program(context_, gateway_->listening()[listener]);
  }
  bool run_until(const std::function<bool()>& done) {
    const Time give_up = real_now() + std::chrono::seconds(30);
    transport::EpollSet epoll;
    epoll.add(gateway_->fd(), 0);
    while (!done()) {
      if (real_now() > give_up) return false;
      std::array<std::uint64_t, 1> ready;
      const bool at_once = gateway_->next_tick() <= now();
      gateway_->flush();
      epoll.wait(at_once ? Duration::zero() : std::chrono::milliseconds(5), ready);
      gateway_->process(now(), events_);
    }
    return true;
  }
  Time now() const { return real_now() + skipped_; }
  static Endpoint endpoint(const std::string& text) { return Endpoint::parse(text).value(); }
  template <class Kind>
  std::vector<Kind> all() const {
    std::vector<Kind> found;
    for (const auto& event : events_) {
      if (const auto* kind = std::get_if<Kind>(&event)) found.push_back(*kind);
    }
    return found;
  }

  using Connected = ClientGateway::Connected;
  using Message = ClientGateway::Message;
  using Gone = ClientGateway::Gone;

  zmq::context_t context_;
  std::unique_ptr<ClientGateway> gateway_;
  ClientGateway::Events events_;
  Duration skipped_{};

 private:
  static Time real_now() {
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    return Time(std::chrono::duration_cast<Duration>(now));
  }
};

}  // namespace phyllo::broker
