#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/payload.h"
#include "base/time.h"
#include "base/topic_name.h"
#include "multicast/effects.h"
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
inline constexpr std::size_t kMaxPassed = 64;
inline constexpr std::size_t kMaxRefreshed = 4096;
inline constexpr std::size_t kMaxSought = 8;
inline constexpr std::size_t kMaxCalled = 256;
inline constexpr std::size_t kMaxLegs = 256;  ///< of one batch, all together
inline constexpr std::size_t kMaxPageNodes = 4096;
inline constexpr std::size_t kMaxWays = 1024;

struct Register {
  TopicId topic;
  overlay::Contact root;
  Attempt version = 0;
  std::uint64_t subscribers = 0;
  bool publishes = false;
  bool passing = false;  ///< not the root any more: the subscribers are the next one's
  std::optional<TopicName> name = {};  ///< of a fenced topic
  /// Of a topic that its sender holds to be free: the receiver has rules of its own. Who withdraws
  /// may have forgotten it.
  std::optional<TopicName> free = {};
  std::uint64_t hop = 0;  ///< not 0: the receiver acknowledges it with this number

  bool withdraws() const { return subscribers == 0 && !publishes; }
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
  std::vector<overlay::NodeId> passed = {};  ///< former roots whose successors have what they took
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
  std::optional<TopicName> name = {};  ///< of a fenced topic
  Duration settles_in{};               ///< unless it is settled
  std::optional<TopicName> free = {};  ///< as in `Register`
  std::uint64_t hop = 0;               ///< as there
};

/// The receiver has what came with this number, and it is its to see to.
struct HopTaken {
  std::uint64_t hop = 0;
};

/// Who is there of this region?
struct Seek {
  std::string region;
};
/// Brokers of it that the sender has met; it may be one itself.
struct Sought {
  std::string region;
  std::vector<overlay::Contact> brokers;
};

/// What have the roots in a region to say of these topics?
struct RollCall {
  struct Topic {
    TopicId id;
    std::optional<TopicName> name = {};  ///< of a fenced topic
  };
  overlay::Contact rendezvous;  ///< to be told
  std::string region;
  std::vector<Topic> topics;
};
/// The answer of one of them; who has nothing to say of a topic withdraws from it.
struct Present {
  std::vector<Register> registered;
};

/// One batch for several regions, the way that its origin chose for it.
struct Relayed {
  struct Leg {
    overlay::Contact to;
    std::optional<multicast::Publish> publish;  ///< nullopt: it only passes on
    std::vector<Leg> onward;
  };
  overlay::Contact origin;                 ///< all answers go there
  std::optional<multicast::Publish> here;  ///< to the receiver itself
  std::vector<Leg> onward;                 ///< from the receiver
  /// Until all on the way know it: who passes on judges by it.
  std::optional<TopicName> name = {};
};

/// Of what is for anybody at all.
inline const TopicId& topic_of(const Relayed& relayed) {
  if (relayed.here) return relayed.here->topic;
  const Relayed::Leg* leg = &relayed.onward.front();
  while (!leg->publish) leg = &leg->onward.front();
  return leg->publish->topic;
}

/// Which regions have to do with this topic?
struct Enquire {
  TopicId topic;
  Attempt number = 0;
  overlay::Contact asker;
  std::optional<TopicName> name = {};  ///< of a fenced topic
};

struct Audience {
  struct Party {
    overlay::Contact root;
    bool subscribes = false;
    bool publishes = false;
  };
  Attempt number = 0;
  bool whole = false;
  std::vector<Party> parties;
};

/// What does the topic's tree look like in the receiver's region?
struct Look {
  TopicName topic;
  Attempt number = 0;
  bool ways_only = false;
};

/// By which way what is published in one region gets to another.
struct Way {
  std::string to;
  std::vector<std::string> through;  ///< regions that pass it on, in this order
  bool operator==(const Way&) const = default;
};

struct TreePage {
  Attempt number = 0;
  std::uint32_t page = 0;
  bool last = false;
  bool complete = false;
  std::vector<multicast::TreeNode> nodes;
  std::vector<Way> ways;
};

/// An any- or manycast for programs of the receiver's region.
struct CastInto {
  enum class Stage {
    kReady,  ///< is anybody there?
    kTake,
    kHow,  ///< what has become of it?
  };
  TopicName topic;
  Attempt number = 0;
  std::uint32_t wanted = 1;
  Stage stage = Stage::kReady;
  std::uint64_t life = 0;  ///< of the receiver, as it named it when it was ready
  Payload body = {};
};

struct CastState {
  enum class State { kReady, kUnderWay, kDone, kUnknown, kFull };
  Attempt number = 0;
  State state = State::kReady;
  std::uint64_t life = 0;
  std::uint32_t taken = 0;
  bool complete = false;
};

using Message = std::variant<Register, Refresh, Refreshed, Interest, InterestTaken, Book, Seek,
                             Sought, RollCall, Present, multicast::Publish, multicast::PublishAck,
                             multicast::PublishNack, multicast::Missing, Relayed, Enquire, Audience,
                             Look, TreePage, CastInto, CastState, HopTaken>;

}  // namespace phyllo::regions
