#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/boxed.h"
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

  /// Whoever reads here begins now: what was published before was before its time, except for what
  /// the numbers of the stream say.
  void attend_from(Time now) { since_ = now; }
  /// A batch from the parent (or, at the root, freshly numbered).
  Reading read(Time now, const StreamBatch& batch);
  /// The parent's word that numbers of a stream are lost.
  std::vector<Gap> lose(const Gap& gap);
  /// The parent's place in the stream. What lies between it and this reader's will not come; `why`
  /// says what is to blame when the stream is the same.
  std::vector<Gap> follow(Time now, const StreamHead& head, Gap::Why why);

  /// Whether it stands where it began, at the beginning of a stream that follows none.
  bool untouched() const { return position_.next == 1 && !story_; }
  /// When it began.
  Time since() const { return since_; }
  /// nullptr before anything was read.
  const StreamPosition* position() const { return position_.next == 0 ? nullptr : &position_; }

 private:
  static constexpr std::size_t kRemembered = 8;

  /// What was told of a stream.
  struct Told {
    std::uint32_t tag = 0;
    std::uint64_t lost = 0;  ///< so many of its numbers will not come
  };
  struct Past {
    StreamPosition position;
    Told told;
  };

  /// What was read.
  struct Story {
    StreamId first_stream;       ///< that this reader began with
    Told told;                   ///< of the present stream
    std::uint32_t tags = 0;      ///< given out
    std::uint64_t unlinked = 0;  ///< streams that began without a word on how the last one ended
    std::vector<Past> past;      ///< streams read before this one, oldest first
    PublisherLog publishers;
  };

  void skip_to(Sequence next, Gap::Why why, std::vector<Gap>& gaps);
  void change_stream(const StreamHead& head, std::vector<Gap>& gaps);
  void miss_tail_of(const StreamEnd& end, std::vector<Gap>& gaps);
  std::optional<Past> recall(const StreamId& stream);
  void begin(Time now, const StreamHead& head);
  void judge_publisher(Time now, const StreamBatch& batch, Reading& reading);
  void judge_absence(const StreamBatch& batch, const PublisherLog::Entry& entry, Reading& reading);
  void judge_stranger(Time now, const StreamBatch& batch, NumberRange hole, Reading& reading);
  std::optional<std::uint64_t> untold_here(const Stay& stay);
  static void tell(std::vector<Gap>& gaps, Told& told, Gap gap);
  void remember(Past past);
  static PublisherLog::Mark mark(const Story& story);
  Story& story();

  StreamPosition position_{{}, 0};  ///< next is 0 before anything was read
  Time since_{};                    ///< when it began
  Boxed<Story> story_;              ///< none until there is anything to tell
};

/// The batch without its first `count` messages; nullopt when nothing is left or its body is not
/// one.
std::optional<Batch> without_first(const Batch& batch, std::uint32_t count);

}  // namespace phyllo::multicast
