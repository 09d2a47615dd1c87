#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "phyllo/status.h"

namespace phyllo {

/// The broker that a client is connected to.
struct BrokerInfo {
  std::string endpoint;  ///< as given to the client
  std::string node_id;   ///< 32 hexadecimal digits
  std::string region;    ///< empty: none
  std::string cluster;
  std::uint64_t session = 0;  ///< the broker's number of this connection, as its logs show it
  std::uint64_t max_message_bytes = 0;
  /// Client::tree is answered in that time, completely or not; 0: the broker does not say.
  std::chrono::milliseconds answers_within{0};
};

/// Something happened to the connection. `broker` holds what is known at that moment, at least the
/// endpoint.
struct ConnectionEvent {
  enum class Kind {
    kConnected,     ///< the broker said welcome; everything waiting is sent now
    kDisconnected,  ///< an established connection ended; `reason` says how
    kFailed,        ///< an attempt ended without a connection
    kRefused,       ///< the broker does not want this client; `reason` is its own
    /// The broker will stop soon. A client that knows others moves to one of them without a break:
    /// kConnected follows, and no kDisconnected of this one.
    kDraining,
  };
  Kind kind = Kind::kFailed;
  BrokerInfo broker;
  Status reason;  ///< ok for kConnected
};

/// "connected", "disconnected", …
const char* to_string(ConnectionEvent::Kind kind);

}  // namespace phyllo
