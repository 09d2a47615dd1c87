#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/batch_body.h"
#include "base/fifo.h"
#include "phyllo/status.h"
#include "sdk/src/clock.h"
#include "sdk/src/frames.h"

namespace phyllo::internal {

/// What one client publishes to one topic: numbered, collected into batches, kept until the topic's
/// root has it. Batches wait (open, then sealed), fly (sent, not acknowledged) and are forgotten.
/// Belongs to an Outbox, which guards it; only `topic` may be called without the outbox's lock.
class Channel : public std::enable_shared_from_this<Channel> {
 public:
  /// What a batch costs of the queue beside its body: its place in memory.
  static constexpr std::size_t kBatchCost = 128;

  Channel(std::string topic, std::uint64_t publisher)
      : topic_(std::move(topic)), publisher_(publisher) {}

  const std::string& topic() const { return topic_; }

  /// A batch is closed before it grows beyond `batch_bytes`; only a single message may be larger.
  /// Returns what it takes of the queue: `cost_of`.
  std::size_t append(std::string_view payload, std::size_t batch_bytes);
  /// Bytes of the queue that this `append` would take.
  std::size_t cost_of(std::string_view payload, std::size_t batch_bytes) const;
  /// Of the queue, by all that is not acknowledged.
  std::size_t queued_bytes() const { return queued_bytes_; }
  /// What a batch may hold because more waits anyway: a part of all that is not acknowledged.
  std::size_t backlog_batch() const { return queued_bytes_ / kBatchesOfBacklog; }

  /// Whether a batch should be sent now. A full one always; one still open when nothing was sent
  /// just now, and few are under way or it has grown in proportion to how many are: so a busy link
  /// gets large batches and an idle one gets each message at once.
  bool due() const;
  /// Body bytes of the batch that `take` would return; needs `due`.
  std::size_t due_bytes() const;
  /// The next batch, which flies from now on. What comes next is collected for a moment, unless
  /// this one is acknowledged before anything came.
  Publication take(Instant now);
  /// Whether something waits for the end of that moment, or has just begun to.
  bool collects() const { return collecting() && open_.count() > 0; }
  bool begins_to_collect() const { return collecting() && open_.count() == 1; }
  /// kNoDeadline: nothing is collected.
  Instant collects_until() const { return collects_until_; }
  void stop_collecting() { collects_until_ = kNoDeadline; }

  /// What an acknowledgement ended.
  struct Ended {
    std::size_t flying_batches = 0;
    std::size_t flying_bytes = 0;
    std::size_t queue_bytes = 0;  ///< room in the queue
    std::uint64_t messages = 0;
    std::uint64_t first = 0;  ///< of these messages; 0: none
    std::uint64_t last = 0;
  };
  /// The root has everything up to there (never more than was ever sent).
  Ended acknowledge(std::uint64_t up_to);
  /// The connection is lost: everything that flies waits again, in order. Returns how many
  /// messages.
  std::uint64_t rewind();

  void note_reach(std::uint64_t reach) { reach_ = reach; }
  /// Where what was acknowledged went, for subscribers that missed it: to go with each batch.
  Stays<Stream, Instant>& stays() { return stays_; }
  void note_refusal(Status why);
  /// The first refusal since the last call; ok when there was none.
  Status take_refusal() { return std::exchange(refusal_, Status()); }

  std::uint64_t publisher() const { return publisher_; }
  std::uint64_t published() const { return published_; }
  std::uint64_t acknowledged() const { return acknowledged_; }
  std::uint64_t reach() const { return reach_; }
  bool idle() const { return acknowledged_ == published_; }

  /// Whether the outbox has this channel in its ring of channels with something due.
  bool in_ring = false;

 private:
  struct Batch {
    std::uint64_t first = 0;
    std::uint32_t count = 0;
    Payload body;
    std::uint64_t last() const { return first + count - 1; }
  };
  static constexpr std::size_t kBatchesOfBacklog = 4;
  bool fits(std::string_view payload, std::size_t batch_bytes) const;
  bool collecting() const { return collects_until_ != kNoDeadline; }
  void seal();

  const std::string topic_;
  const std::uint64_t publisher_;
  std::uint64_t published_ = 0;     ///< number of the last message appended
  std::uint64_t sent_ = 0;          ///< highest number ever sent
  std::uint64_t acknowledged_ = 0;  ///< by the root, or refused
  std::uint64_t reach_ = 0;
  std::size_t queued_bytes_ = 0;
  Stays<Stream, Instant> stays_;
  BatchBodyWriter open_;
  Fifo<Batch> sealed_;
  Fifo<Batch> flying_;
  Instant collects_until_ = kNoDeadline;
  Status refusal_;
};

}  // namespace phyllo::internal
