#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace phyllo {

/// One numbering of a topic's messages, given by the broker that is the topic's root, from 1 and
/// without holes. When the root changes, a new stream begins. Compared for equality only.
struct Stream {
  std::array<std::uint8_t, 16> root{};  ///< node id of the root
  std::uint64_t incarnation = 0;        ///< which life of that broker
  std::uint32_t generation = 0;         ///< tells its numberings apart; any number

  auto operator<=>(const Stream&) const = default;
};

/// For people and logs: root in hexadecimal, incarnation, generation, joined by '/'.
std::string to_string(const Stream& stream);

/// A message as a subscriber gets it. Copying is cheap (it shares the received bytes) and the bytes
/// stay valid as long as any copy exists, also after the client is gone. Any thread may read it.
///
/// The bytes belong to a batch that arrived together: a program that keeps one small message for a
/// long time keeps the whole batch (64 KiB, of a fast publisher 512 KiB); copy the payload in that
/// case.
class Message {
 public:
  /// What the messages of one batch share. A program makes one only to test its own handlers.
  struct Batch {
    std::shared_ptr<const std::string> topic;
    Stream stream;
    std::uint64_t publisher = 0;
    std::shared_ptr<const void> bytes;  ///< keeps the payloads alive
  };

  Message(std::shared_ptr<const Batch> batch, std::string_view payload,
          std::uint64_t stream_sequence, std::uint64_t publisher_sequence)
      : batch_(std::move(batch)),
        payload_(payload),
        stream_sequence_(stream_sequence),
        publisher_sequence_(publisher_sequence) {}

  const std::string& topic() const { return *batch_->topic; }
  /// The published bytes, unchanged; they need not be text.
  std::string_view payload() const { return payload_; }
  /// The same bytes for binary formats.
  std::span<const std::byte> bytes() const {
    return {reinterpret_cast<const std::byte*>(payload_.data()), payload_.size()};
  }

  /// It came by Client::anycast or manycast, to this subscriber and to few others or none. It has
  /// no stream, no publisher and no numbers: these are all 0.
  bool is_cast() const { return stream_sequence_ == 0; }

  /// Which numbering `stream_sequence` belongs to.
  const Stream& stream() const { return batch_->stream; }
  /// The topic's root's number of this message, from 1. The same for every subscriber.
  std::uint64_t stream_sequence() const { return stream_sequence_; }
  /// Who published it: a random number that a client chose for itself.
  std::uint64_t publisher() const { return batch_->publisher; }
  /// That publisher's own number of this message on this topic, from 1.
  std::uint64_t publisher_sequence() const { return publisher_sequence_; }

 private:
  std::shared_ptr<const Batch> batch_;
  std::string_view payload_;
  std::uint64_t stream_sequence_;
  std::uint64_t publisher_sequence_;
};

}  // namespace phyllo
