#pragma once

#include <algorithm>
#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <vector>
#include <zmq.hpp>

#include "overlay/contact.h"
#include "overlay/transport/transport.h"

namespace phyllo::overlay::transport {

/// One context per process, as in a broker.
zmq::context_t& test_context();

/// The real time on the cores' time line.
Time real_now();

Endpoint endpoint(const std::string& text);
NodeId node(unsigned number);

/// A transport on an ephemeral loopback port, with everything it reported.
class Station {
 public:
  struct Options {
    std::string region = "here";
    Incarnation incarnation = 1;
    std::string listen = "tcp://127.0.0.1:0";
    TransportConfig config;
  };
  explicit Station(unsigned number);
  Station(unsigned number, Options options);

  Transport& transport() { return *transport_; }
  const Contact& self() const { return self_; }
  Endpoint listening() const { return transport_->listening().front(); }
  void become(Contact self);

  /// Sends text as header and body at `now()`, with the next `turn`.
  Sent send(const Contact& to, std::string header, std::string body = "");

  /// Processes once, at the real time plus what was skipped.
  void turn();
  Time now() const { return real_now() + skipped_; }
  void skip(Duration time) { skipped_ += time; }

  const Events& events() const { return events_; }
  void forget_events() { events_.clear(); }
  template <class Kind>
  std::vector<Kind> all() const {
    std::vector<Kind> found;
    for (const auto& event : events_) {
      if (const auto* kind = std::get_if<Kind>(&event)) found.push_back(*kind);
    }
    return found;
  }

 private:
  std::unique_ptr<Transport> transport_;
  Contact self_;
  Events events_;
  Duration skipped_{};
};

/// Turns the stations until `done`; false when it took so long that something is wrong.
bool run_until(std::initializer_list<Station*> stations, const std::function<bool()>& done);

}  // namespace phyllo::overlay::transport
