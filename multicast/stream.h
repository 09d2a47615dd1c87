#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/payload.h"
#include "base/stays.h"
#include "overlay/contact.h"

namespace phyllo::multicast {

/// One numbering of a topic's messages: it belongs to one root in one life of it. `generation`
/// counts how often that life has begun to be some topic's root, from a random number on, since two
/// lives that nobody could tell apart have the same incarnation. Compared for equality only.
struct StreamId {
  overlay::NodeId root;
  overlay::Incarnation incarnation = 0;
  std::uint32_t generation = 0;
  auto operator<=>(const StreamId&) const = default;
};

/// Numbers of a stream start at 1 and have no holes; 0 means "nothing yet".
using Sequence = std::uint64_t;

/// A publisher chooses its id at random and numbers its own messages per topic from 1.
using PublisherId = std::uint64_t;

/// Where messages of a publisher went earlier.
using Stay = phyllo::Stay<StreamId>;

/// One publisher's consecutive messages, as the SDK encoded them (base/batch_body.h).
struct Batch {
  PublisherId publisher = 0;
  Sequence publisher_first = 0;  ///< the publisher's number of the first message
  std::uint32_t count = 0;
  Payload body;
  std::vector<Stay> stays = {};  ///< of earlier messages, oldest first
  bool operator==(const Batch&) const = default;
};

/// Room that a batch takes where it waits: its body and what it costs beyond that.
inline std::size_t cost(const Batch& batch) {
  constexpr std::size_t kOverhead = 64;
  return batch.body.size() + kOverhead;
}

/// A batch with its place in a stream.
struct StreamBatch {
  StreamId stream;
  Sequence first = 0;
  Batch batch;
  bool operator==(const StreamBatch&) const = default;
};

/// Where a reader of a stream stands: the next number it will see.
struct StreamPosition {
  StreamId stream;
  Sequence next = 1;
  bool operator==(const StreamPosition&) const = default;
};

/// Where a stream was ended in good order; 0 when it never had a message.
struct StreamEnd {
  StreamId stream;
  Sequence last = 0;
  bool operator==(const StreamEnd&) const = default;
};

/// What a root says of messages that it took: for how many subscribers, and where they stand.
struct Reception {
  std::uint64_t reach = 0;
  StreamEnd at;  ///< without a tree: number 0 of a stream that has no messages
};

/// What a node passes on next and, when its stream continues another one without a loss, where that
/// one ended: a reader of the old stream then knows what it missed.
struct StreamHead {
  StreamPosition position;
  std::optional<StreamEnd> previous;
  bool operator==(const StreamHead&) const = default;
};

/// A loss made visible. Either numbers of a stream, or (when a root died and took its numbering
/// with it) numbers of one publisher. No loss is reported both ways, but for the cases that
/// docs/protocol.md lists.
struct Gap {
  enum class Why {
    kParentLost,    ///< the tree above was broken and repaired
    kRootLost,      ///< the topic's root died; a new stream began
    kQueueLimit,    ///< a link's or subscriber's byte limit was reached
    kIngressLimit,  ///< the publisher's broker refused it
    kMissed,        ///< a hole in the numbers, cause unknown here
  };
  Why why = Why::kMissed;
  overlay::NodeId where;  ///< the broker that lost it or first noticed
  std::string region;     ///< its region
  StreamId stream;
  PublisherId publisher =
      0;  ///< 0: `first`..`last` are numbers of `stream`; else of this publisher
  Sequence first = 0;
  Sequence last = 0;
  bool operator==(const Gap&) const = default;
};

/// The name of a cause as it appears in metrics and in the SDK, e.g. "queue_limit".
const char* to_string(Gap::Why why);

}  // namespace phyllo::multicast
