#pragma once

#include <cstddef>
#include <cstdint>
#include <variant>
#include <vector>

#include "base/time.h"
#include "multicast/messages.h"
#include "overlay/contact.h"

namespace phyllo::regions {

// The messages between regions, as proto/phyllo/v1/regions.proto explains them.

using multicast::Attempt;
using multicast::TopicId;

/// Editions of a topic's list count within a life of its rendezvous, which is a random number.
using Edition = std::uint64_t;

// Longest lists that are accepted from outside.
inline constexpr std::size_t kMaxRoots = 1024;
inline constexpr std::size_t kMaxRefreshed = 4096;

struct Register {
  TopicId topic;
  overlay::Contact root;
  Attempt version = 0;
  std::uint64_t subscribers = 0;
  bool publishes = false;
  bool passing = false;  ///< not the root any more: the subscribers are the next one's
};

struct Refresh {
  struct Entry {
    TopicId topic;
    Attempt version = 0;
  };
  std::uint64_t number = 0;
  std::vector<Entry> entries;
};

struct Refreshed {
  std::uint64_t number = 0;
  std::vector<TopicId> topics;
};

struct Interest {
  TopicId topic;
  Attempt version = 0;  ///< the receiver's latest
  std::uint64_t life = 0;
  Edition edition = 0;
  bool settled = false;
  Attempt opened = 0;
  std::vector<overlay::Contact> roots;
};

struct InterestTaken {
  TopicId topic;
  std::uint64_t life = 0;
  Edition edition = 0;
};

struct Book {
  struct Entry {
    Register registered;
    Attempt opened = 0;
    Duration silent{};
  };
  TopicId topic;
  bool settled = false;
  std::vector<Entry> entries;
};

using Message =
    std::variant<Register, Refresh, Refreshed, Interest, InterestTaken, Book, multicast::Publish,
                 multicast::PublishAck, multicast::PublishNack, multicast::Missing>;

}  // namespace phyllo::regions
