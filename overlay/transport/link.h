#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <zmq.hpp>

#include "base/time.h"
#include "overlay/contact.h"
#include "overlay/transport/collected.h"
#include "overlay/transport/dealer.h"
#include "overlay/transport/frames.h"
#include "overlay/transport/traffic.h"
#include "overlay/transport/transport_config.h"
#include "overlay/wire.h"

namespace phyllo::overlay::transport {

/// One connection out: to a known peer, or a dial to whoever answers at an endpoint. It may be told
/// to wait before it connects; messages are queued meanwhile. Once over it stays over.
class Link {
 public:
  struct Target {
    Endpoint endpoint;
    std::optional<Contact> peer;  ///< nullopt: a dial
  };
  /// The link is of no more use.
  struct Over {
    std::string why;
  };
  /// What `process` found.
  using Progress = std::variant<std::monostate, Welcome, Refusal, Over>;

  /// `region`: where the traffic of the target's region is counted; nullptr for a dial.
  Link(const TransportConfig& config, Target target, Traffic* region, Time now, Time connect_at);

  const Target& target() const { return target_; }
  /// Whether a contact for the same node asks for another connection than this one.
  bool superseded_by(const Contact& contact, const Endpoint& endpoint) const;

  /// Connects and introduces this broker. The hello goes first, then whatever was queued.
  Progress open(Time now, zmq::context_t& context, Family family, const std::string& hello,
                EpollSet& epoll, std::uint64_t tag);
  /// Says something of the link's own, e.g. a new hello.
  void say(const std::string& frame);
  /// Takes `wire`, or leaves it and returns false when there is no room. Short messages wait for
  /// `flush`, so that they travel together.
  bool send(Time now, Wire& wire);
  void flush();
  /// Whether there is something to flush.
  bool collecting() const { return !collected_.empty(); }
  /// Looks for answers and for the end of the connection.
  Progress process(Time now);
  /// When one of the following becomes true, if nothing happens before.
  Time deadline() const;
  bool wants_to_connect(Time now) const { return !dealer_ && now >= connect_at_; }
  bool unanswered(Time now) const { return now >= greeted_by_; }
  bool idle(Time now) const { return dealer_ && now >= last_used_ + config_.idle; }

  /// Something may be waiting that the epoll set does not tell of.
  bool unsettled() { return dealer_ && dealer_->unsettled(); }
  /// Says goodbye; destruction then lets it out.
  void leave(const std::string& bye);

  bool welcomed() const { return welcomed_; }
  Time last_used() const { return last_used_; }
  std::size_t queued() const {
    return pending_bytes_ + collected_.cost() + (dealer_ ? dealer_->queued() : 0);
  }
  const Traffic& traffic() const { return traffic_; }
  /// Answers that were not as they were sent; each is as if it had not come.
  std::uint64_t altered() const { return altered_; }

 private:
  Progress answered(Time now, const zmq::message_t& frame);
  std::size_t room_for(const Wire& wire) const;

  const TransportConfig& config_;
  Target target_;
  Traffic* region_;
  Time connect_at_;
  Time last_used_;
  Time greeted_by_ = kNever;  // kNever once welcomed
  bool welcomed_ = false;
  Incarnation incarnation_ = 0;
  std::deque<Wire> pending_;
  std::size_t pending_bytes_ = 0;
  Collected collected_;
  Traffic traffic_;
  std::uint64_t altered_ = 0;
  std::unique_ptr<Dealer> dealer_;
};

}  // namespace phyllo::overlay::transport
