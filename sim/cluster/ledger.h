#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "base/time.h"
#include "multicast/stream.h"

namespace phyllo::sim {

/// One message of one publisher on one topic.
struct MessageId {
  std::string topic;
  multicast::PublisherId publisher;
  multicast::Sequence number;
  auto operator<=>(const MessageId&) const = default;
};

/// One subscription from its acknowledgement to its end, as the program saw it.
struct Listening {
  std::string who;
  std::string topic;
  Time live_at;
  multicast::StreamPosition position;
  std::optional<Time> ended_at;
  std::vector<std::variant<multicast::StreamBatch, multicast::Gap>> heard;
};

/// Everything that programs of one run published, were told and heard, and what must hold of it.
class Ledger {
 public:
  void published(const MessageId& message, Time when) { messages_[message].sent = when; }
  void acknowledged(const MessageId& message, Time when) { messages_[message].acknowledged = when; }
  /// The entry lives as long as the ledger.
  Listening& listening(std::string who, std::string topic, Time when,
                       multicast::StreamPosition position);

  std::size_t published_messages() const { return messages_.size(); }
  std::size_t unacknowledged_messages() const;
  /// The longest that an acknowledged message waited for that.
  Duration longest_wait() const;
  /// Over all subscriptions.
  std::size_t delivered_messages() const;
  std::size_t gap_messages() const;
  /// Of these so many that arrived, too, or were reported before: more than was lost.
  std::size_t excess_messages() const;

  /// What is wrong, one line each, at most `limit` lines; empty is right. Of each subscription: no
  /// message twice, each publisher's in order, the bytes as published; and of those that have not
  /// ended: everything that was published since the subscription was live and was acknowledged has
  /// arrived or was reported as a gap.
  std::vector<std::string> complaints(std::size_t limit = 20) const;
  /// Of these what must hold at any moment: nothing twice, in order, the right bytes.
  std::vector<std::string> order_complaints() const;

  /// What a subscriber heard, in few lines, for the message of a failed test.
  std::string story(const Listening& listening) const;
  std::string stories() const;

  /// The bytes of a message, so that a mix-up is seen.
  static std::string text_of(multicast::PublisherId publisher, multicast::Sequence number);

 private:
  struct Fate {
    Time sent{};
    std::optional<Time> acknowledged;
  };
  using Place = std::pair<multicast::StreamId, multicast::Sequence>;
  using Places = std::map<std::pair<std::string, Place>, MessageId>;

  /// What one subscription has of the topic's messages.
  struct Account {
    std::set<std::pair<multicast::PublisherId, multicast::Sequence>> settled;  ///< came or reported
    std::uint64_t unknown = 0;  ///< reported, and nobody at all received them
    std::uint64_t excess = 0;   ///< reported, and came or were reported before
  };

  Places places() const;
  Account account(const Listening& listening, const Places& places) const;
  void check_order(const Listening& listening, std::vector<std::string>& out) const;
  void check_complete(const Listening& listening, const Places& places,
                      std::vector<std::string>& out) const;

  std::map<MessageId, Fate> messages_;
  std::map<std::uint64_t, Listening> listenings_;
};

}  // namespace phyllo::sim
