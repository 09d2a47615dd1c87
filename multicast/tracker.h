#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "multicast/publisher_log.h"
#include "multicast/stream.h"

namespace phyllo::multicast {

/// A reader's place in a topic: what it has seen of the topic's streams and publishers. Says of all
/// that arrives whether it is new, seen before, or shows that something is missing. A reader that
/// has seen nothing yet misses nothing.
class Tracker {
 public:
  /// What is to be done with an arrival. Gaps come first, then the batches. `where` and `region` of
  /// the gaps are for the caller to fill in.
  struct Reading {
    std::vector<Gap> stream_gaps;     ///< for local subscribers and for children
    std::vector<Gap> publisher_gaps;  ///< for local subscribers; each child sees its own
    std::optional<StreamBatch> forward;
    std::optional<StreamBatch> deliver;
    std::uint32_t duplicates = 0;  ///< messages not delivered because they were before
  };

  /// A batch from the parent (or, at the root, freshly numbered).
  Reading read(Time now, const StreamBatch& batch);
  /// The parent's word that numbers of a stream are lost.
  std::vector<Gap> lose(const Gap& gap);
  /// The parent's place in the stream. What lies between it and this reader's will not come; `why`
  /// says what is to blame when the stream is the same.
  std::vector<Gap> follow(const StreamHead& head, Gap::Why why);

  const std::optional<StreamPosition>& position() const { return position_; }

 private:
  static constexpr std::size_t kRemembered = 4;

  void skip_to(Sequence next, Gap::Why why, std::vector<Gap>& gaps);
  void change_stream(const StreamHead& head, std::vector<Gap>& gaps);
  void miss_tail_of(const StreamEnd& end, std::vector<Gap>& gaps);
  std::optional<Sequence> recall(const StreamId& stream);
  void judge_publisher(Time now, const StreamBatch& batch, Reading& reading);
  std::uint64_t mark() const { return (unlinked_ << 32) | (stream_gaps_ & 0xffff'ffffu); }

  std::optional<StreamPosition> position_;
  std::vector<StreamPosition> past_;  ///< streams read before this one, oldest first
  PublisherLog publishers_;
  std::uint64_t stream_gaps_ = 0;  ///< reported so far: they may be why publishers' numbers jump
  std::uint64_t unlinked_ = 0;     ///< streams that began without a word on how the last one ended
};

/// The batch without its first `count` messages; nullopt when nothing is left or its body is not
/// one.
std::optional<Batch> without_first(const Batch& batch, std::uint32_t count);

}  // namespace phyllo::multicast
