#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/time.h"
#include "overlay/endpoint.h"

namespace phyllo::overlay::transport {

struct TransportConfig {
  std::string cluster = "phyllo";      ///< brokers of another one are refused
  std::vector<Endpoint> listen;        ///< where peers connect; port 0: the system chooses
  std::size_t frame_bytes = 16 << 20;  ///< of one frame; a larger one ends its connection
  std::size_t queue_bytes = 64 << 20;  ///< handed over for one peer and not yet with the kernel
  /// On top of queue_bytes for messages without a body: grafts, acknowledgements and heartbeats
  /// must not be lost because data fills the queue. Half of it is for short batches too: what fills
  /// a queue is long ones, and a topic with a message now and then must not lose it to them.
  std::size_t control_reserve_bytes = 4 << 20;
  std::size_t links = 4096;          ///< the longest unused one is closed to make room
  std::size_t connections = 10'000;  ///< accepted ones
  /// From connecting to being welcomed, which takes four round trips: two of them are ZeroMQ's.
  Duration handshake = std::chrono::seconds(8);
  Duration idle = std::chrono::minutes(5);               ///< a link unused for this long is closed
  Duration first_retry = std::chrono::milliseconds(20);  ///< after a failed link; doubles each time
  Duration last_retry = std::chrono::seconds(1);
  /// After a refusal that only an operator can end: another cluster, another version.
  Duration refused_retry = std::chrono::seconds(30);
  std::size_t burst = 256;  ///< messages taken in by one call of `process`
};

}  // namespace phyllo::overlay::transport
