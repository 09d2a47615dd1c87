#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>

#include "phyllo/gap.h"
#include "phyllo/message.h"
#include "phyllo/status.h"

namespace phyllo {

/// What the broker does when a subscriber does not keep up and its queue there is full. Whatever is
/// dropped arrives as a Gap.
enum class SlowPolicy {
  kBrokerDefault,  ///< as the broker is configured
  kDropOldest,     ///< keep the newest
  kDropNewest,     ///< keep what waits, drop what arrives
  kConflate,       ///< keep only the newest batch: for values where only the last one counts
  kDisconnect      ///< end the connection; the client reconnects and reports the gap
};

/// Whether messages of Client::anycast and Client::manycast to the topic may come here. Whoever
/// only looks on must not take what is meant for somebody who works on it: they are asked for.
enum class Casts {
  kIgnore,
  kTake  ///< in its turn, and only while credit is left; see Message::is_cast
};

using MessageHandler = std::function<void(const Message&)>;
using GapHandler = std::function<void(const Gap&)>;
using StatusHandler = std::function<void(const Status&)>;

struct SubscribeOptions {
  SlowPolicy policy = SlowPolicy::kBrokerDefault;
  /// Bytes the broker may keep for this subscription while it waits for credit; 0: its default.
  std::size_t queue_bytes = 0;
  /// Bytes that may be received and not yet handled by the program, at least 4096. The bound of
  /// this subscription's memory in the client, except that one batch always fits.
  std::size_t credit_bytes = 4 << 20;
  /// Until when the subscription must be live; default ClientOptions::subscribe_timeout.
  /// `milliseconds::max()` waits for ever.
  std::optional<std::chrono::milliseconds> timeout = {};
  /// Called in order with the messages: on the callback thread, or inside `next()` in pull style.
  GapHandler on_gap = {};
  Casts casts = Casts::kIgnore;
};

}  // namespace phyllo
