#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <string>

#include "phyllo/connection_event.h"
#include "phyllo/status.h"

namespace phyllo {

/// In which order a client's brokers are tried.
enum class BrokerOrder {
  kListed,   ///< as listed: put the nearest first
  kShuffled  ///< in a random order: spreads many equal clients over the brokers
};

/// How long to wait between attempts. After the whole list failed n times in a row the client waits
/// `initial · 2ⁿ⁻¹`, at most `maximum`, each time varied at random by ± `jitter`; going from one
/// broker of the list to the next takes no wait.
struct ReconnectPolicy {
  std::chrono::milliseconds initial{50};
  std::chrono::milliseconds maximum{5000};
  double jitter = 0.5;  ///< 0 to 1
};

/// Messages that a broker would not take. They will not be delivered.
struct PublishRefused {
  std::string topic;
  std::uint64_t from = 0;  ///< first and last of the publisher's numbers
  std::uint64_t to = 0;
  Status why;
};

/// Everything about a client that can be chosen. All callbacks run on the client's callback
/// threads, one at a time, and may call anything on the client.
struct ClientOptions {
  /// Shown in the brokers' logs and listings; at most 64 bytes.
  std::string name = {};
  BrokerOrder order = BrokerOrder::kListed;
  ReconnectPolicy reconnect = {};

  /// An attempt to connect that got no welcome by then goes on to the next broker.
  std::chrono::milliseconds connect_timeout{3000};
  /// What `subscribe` waits if SubscribeOptions::timeout does not say otherwise.
  std::chrono::milliseconds subscribe_timeout{10'000};
  /// What destructors wait at most: ~Client for what was published to be acknowledged, both ~Client
  /// and ~Subscription for a running callback to return.
  std::chrono::milliseconds close_timeout{3000};

  /// Bytes that may be published and not yet acknowledged, all topics together; beyond that
  /// `publish` returns kQueueFull or waits. A single message always fits when nothing else is
  /// waiting. Topics of which little waits (a 64th of this) may take an eighth more: so one topic
  /// that fills the queue leaves room to the others.
  std::size_t publish_queue_bytes = 64 << 20;
  /// Messages over this many bytes are kTooLarge; a connected broker's own limit counts as well.
  std::size_t max_message_bytes = 8 << 20;
  /// A broker that sends a larger frame is disconnected. Covers the largest message of the cluster.
  std::size_t max_receive_bytes = 64 << 20;
  /// How many threads run callbacks, 1 to 64. Callbacks of one subscription never run at the same
  /// time, whatever the number; with more threads a slow callback delays no other subscription.
  std::size_t callback_threads = 1;

  std::function<void(const ConnectionEvent&)> on_connection = {};
  std::function<void(const PublishRefused&)> on_publish_refused = {};
  /// A callback threw this. Without a handler it is only counted (ClientStats).
  std::function<void(std::exception_ptr)> on_exception = {};
};

}  // namespace phyllo
