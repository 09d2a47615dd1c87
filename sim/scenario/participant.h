#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>

#include "broker/core/client_messages.h"
#include "sim/cluster/client_end.h"
#include "sim/cluster/cluster.h"
#include "sim/scenario/measurement.h"

namespace phyllo::sim {

/// A program of a scenario that publishes on one topic or subscribes to it, as an SDK does: it
/// keeps what is not acknowledged, and when its broker goes away it connects to another one and
/// goes on there. Unlike Program it keeps nothing of what it heard.
class Participant final : public ClientEnd {
 public:
  enum class Role { kPublisher, kSubscriber };
  struct Part {
    Role role;
    std::size_t topic;  ///< of the scenario
    std::string topic_name;
    multicast::PublisherId number = 0;  ///< of a publisher, not 0
    std::size_t subscription = 0;       ///< of a subscriber, in the measurement
    StationId broker;
    std::size_t window_bytes;  ///< published and not acknowledged, at most
  };
  /// Another broker than this one, if there is any.
  using Elsewhere = std::function<std::optional<StationId>(StationId)>;

  Participant(Cluster& cluster, Measurement& measurement, Part part, Elsewhere elsewhere);

  /// One message of this size; left out while the window is full.
  void publish(std::size_t bytes);
  /// Connected, and a subscriber's subscription is acknowledged.
  bool ready() const { return ready_; }

  void received(broker::SessionId session, const overlay::Wire& wire) override;
  void connection_lost(broker::SessionId session) override;

 private:
  void connect();
  void move();
  void say(const broker::client::ClientFrame& frame);
  void on(const broker::client::Welcome&);
  void on(const broker::client::Refused&) {}
  void on(const broker::client::PublishAck& ack);
  void on(const broker::client::SubscribeAck& ack);
  void on(const broker::client::Deliver& deliver);
  void on(const broker::client::GapNotice& notice);
  void on(const broker::client::Ping& ping);
  void on(const broker::client::Pong&) {}
  void on(const broker::client::Answer&) {}
  void on(const broker::client::CastDone&) {}
  void on(const broker::client::Offer&) {}
  void on(const broker::client::Drain&);
  void on(const broker::client::BrokerBye&) {}

  Cluster& cluster_;
  Measurement& measurement_;
  Part part_;
  Elsewhere elsewhere_;
  std::optional<broker::SessionId> session_;
  bool welcomed_ = false;
  bool ready_ = false;
  multicast::Sequence next_ = 1;
  std::size_t unacknowledged_bytes_ = 0;
  std::deque<multicast::Batch> unacknowledged_;
};

}  // namespace phyllo::sim
