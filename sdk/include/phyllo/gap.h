#pragma once

#include <cstdint>
#include <string>

#include "phyllo/message.h"

namespace phyllo {

/// Messages that this subscription will not get. Nothing is lost silently: whoever drops or misses
/// messages, a broker or this client, says so here, in order with the messages around it.
///
/// Each is told of once, in one scope or the other. When a root died or the network was cut, more
/// may be told of than was lost; docs/protocol.md says when.
struct Gap {
  /// What `from` and `to` count.
  enum class Scope {
    kStream,     ///< numbers of `stream`, as Message::stream_sequence
    kPublisher,  ///< numbers of `publisher`, as Message::publisher_sequence
  };

  std::string topic;
  Scope scope = Scope::kStream;
  Stream stream;
  std::uint64_t publisher = 0;  ///< with Scope::kPublisher
  std::uint64_t from = 0;       ///< first number that will not come
  std::uint64_t to = 0;         ///< last number that will not come, ≥ from
  std::string where;   ///< node id (hexadecimal) of the broker that lost it or first missed it;
                       ///< empty: this client noticed
  std::string region;  ///< that broker's region; empty: none
  /// "queue_limit" (a queue was full: the usual sign of a slow subscriber), "ingress_limit" (the
  /// publisher's broker refused it), "parent_lost", "root_lost" (a broker died), or "missed"
  /// (a hole in the numbers, for example across a reconnect). New brokers may add others.
  std::string why;

  /// How many numbers are missing, ≥ 1.
  std::uint64_t count() const { return to - from + 1; }
};

}  // namespace phyllo
