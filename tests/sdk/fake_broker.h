#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <zmq.hpp>

#include "phyllo/v1/client.pb.h"

namespace phyllo::test {

/// A broker on a real ROUTER socket that does only what its script says. By default it welcomes,
/// acknowledges and answers pings; it delivers nothing by itself. Its own thread serves the socket;
/// all other members may be called from the test's thread.
class FakeBroker {
 public:
  struct Script {
    bool welcomes = true;
    bool acknowledges_publish = true;
    bool acknowledges_subscribe = true;
    bool answers_pings = true;
    std::uint64_t max_message_bytes = 8 << 20;
    std::uint64_t window_bytes = 4 << 20;
    std::uint32_t heartbeat_ms = 60'000;
    std::uint64_t stream_next = 1;  ///< of every SubscribeAck
    std::uint32_t answers_ms = 0;
    char root = 'r';  ///< the stream's root is sixteen of these
  };

  FakeBroker() : FakeBroker(Script()) {}
  explicit FakeBroker(Script script);
  /// On a given endpoint, for a broker that comes back.
  FakeBroker(Script script, const std::string& endpoint);
  ~FakeBroker();

  const std::string& endpoint() const { return endpoint_; }

  /// What arrived, with the body for a Publish.
  struct Arrived {
    std::string session;
    v1::ClientFrame frame;
    std::string body;
    std::vector<std::string> messages() const;
  };
  /// Waits until `done` holds for what arrived so far; false when it does not within ten seconds.
  bool wait(const std::function<bool(const std::vector<Arrived>&)>& done);
  std::vector<Arrived> arrived();
  /// Of one kind, in order.
  std::vector<Arrived> arrived(v1::ClientFrame::KindCase kind);
  bool wait_for(v1::ClientFrame::KindCase kind, std::size_t count = 1);
  /// In how many ZeroMQ messages all that arrived.
  std::size_t packets() const { return packets_; }
  /// All published messages of a topic, in order of arrival; duplicates included.
  std::vector<std::string> published(const std::string& topic);

  void change(const std::function<void(Script&)>& change);

  /// To the program that spoke last, or to a given session.
  void send(const v1::BrokerFrame& frame);
  void send(const v1::BrokerFrame& frame, const std::string& body);
  void send_frames(const std::vector<std::string>& frames);
  /// A batch for a subscription, on this broker's stream.
  void deliver(std::uint32_t subscription, std::uint64_t first,
               const std::vector<std::string>& messages, std::uint64_t publisher = 7,
               std::optional<std::uint64_t> publisher_first = {});
  void acknowledge(const v1::Publish& publish);
  v1::StreamRef stream();

 private:
  void serve();
  void handle(const std::string& session, std::vector<zmq::message_t>& frames);
  /// `bye` is set when it was a goodbye.
  void take(const std::string& session, std::string_view header, std::string_view body, bool& bye);
  void react(const std::string& session, const v1::ClientFrame& frame);
  void answer(const std::string& session, const v1::BrokerFrame& frame);
  void flush_outgoing();

  zmq::context_t context_;
  zmq::socket_t router_;
  std::string endpoint_;
  std::mutex mutex_;
  std::condition_variable changed_;
  Script script_;
  std::vector<Arrived> arrived_;
  std::string last_session_;
  std::deque<std::vector<std::string>> outgoing_;
  std::atomic<std::size_t> packets_{0};
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace phyllo::test
