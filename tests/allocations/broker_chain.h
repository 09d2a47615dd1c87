#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "base/time.h"
#include "broker/core/broker.h"
#include "broker/core/client_messages.h"

namespace phyllo::test {

/// Brokers in virtual time that hand each other their messages without a network, each with one
/// subscriber of one topic and at most one child, so that the topic's tree is a chain. Says how
/// often each broker asks for memory.
class BrokerChain {
 public:
  explicit BrokerChain(std::size_t brokers);

  /// A program at broker `at` publishes `batches` batches of `messages` messages, one after the
  /// other; each arrives everywhere before the next.
  void publish(std::size_t at, std::size_t batches, std::uint32_t messages);
  /// Which place broker `at` has in the chain: 0 for the root.
  std::size_t depth(std::size_t at) const;
  std::size_t allocations(std::size_t at) const { return hosts_[at].allocations; }
  /// Messages that the subscriber of broker `at` was sent.
  std::uint64_t delivered(std::size_t at) const;

 private:
  struct Host {
    std::unique_ptr<broker::Broker> broker;
    broker::Effects effects;
    std::size_t allocations = 0;
  };
  struct Sent {
    std::size_t to;
    overlay::Contact from;
    overlay::Wire wire;
  };

  struct Dial {
    std::size_t from;
    std::size_t to;
  };

  template <class Call>
  void with(std::size_t at, Call call);
  void carry_out(std::size_t at, const broker::Effect& effect);
  std::size_t at(overlay::NodeId node) const;
  void say(std::size_t at, broker::SessionId session, const broker::client::ClientFrame& frame);
  void connect(std::size_t at, broker::SessionId session);
  void deliver_all();
  void pass(Duration duration);

  Time now_{std::chrono::seconds(1)};
  std::vector<Host> hosts_;
  std::deque<Sent> under_way_;
  std::deque<Dial> dials_;
  std::uint64_t next_ = 1;  ///< the publisher's number
};

}  // namespace phyllo::test
