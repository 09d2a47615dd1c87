#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/publisher_ranges.h"
#include "phyllo/gap.h"
#include "sdk/src/clock.h"
#include "sdk/src/frames.h"
#include "sdk/src/recent_publishers.h"

namespace phyllo::internal {

/// Numbers that will not come and that nobody has reported yet.
struct Hole {
  Gap::Scope scope = Gap::Scope::kStream;
  Stream stream;
  std::uint64_t publisher = 0;
  std::uint64_t first = 0;
  std::uint64_t last = 0;
};

/// Whether everything before a position of a stream was received or reported.
enum class Reach {
  kReached,
  kBehind,
  kUnknown,  ///< nothing of that stream came yet
};

/// Decides for one subscription, across reconnects, what is new, what came before, and what is
/// missing. Two numberings are watched: the stream's (complete within one stream) and each
/// publisher's (survives a change of root), whose stays say which stream took what. Each missing
/// message is told of once: by the numbers of a stream that this subscription read, or else by its
/// publisher's. Within one connection a broker tells of each loss in a stream; numbers that it
/// leaves out are of messages that came before, under others. Bounded: kStreams streams and
/// RecentPublishers. Not thread-safe.
class StreamTracker {
 public:
  static constexpr std::size_t kStreams = 8;

  /// What to do with a batch: first report `holes`, then hand on all but the first `skip` messages.
  struct Verdict {
    std::vector<Hole> holes;  ///< of its publisher's numbers
    std::uint32_t skip = 0;
  };
  Verdict deliver(Instant now, const Deliver& batch);

  /// The subscription is live. The first time counts: what was before is not missed.
  void live(Instant now);

  /// The broker says where this subscription stands; a hole since the last connection, if any.
  std::optional<Hole> resume(const Position& position);

  Reach reach(const Position& position) const;

  /// A broker's gap, cut to what was neither received nor reported before; nothing left: nullopt.
  std::optional<Gap> gap(Gap gap);

 private:
  struct Place {
    Stream stream;
    std::uint64_t next = 1;
    std::uint32_t tag = 0;
    std::uint64_t lost = 0;  ///< of its numbers, told so far
  };
  Place* find(const Stream& stream);
  Place& add(const Stream& stream, std::uint64_t next);
  void follow_publisher(Instant now, const Deliver& batch, const Place& place, Verdict& verdict);
  void find_holes(const std::vector<NumberRange>& missing, const PublisherMark& mark,
                  const Deliver& batch, const Place& place, std::vector<Hole>& holes) const;
  void find_holes_of_stranger(Instant now, const std::vector<NumberRange>& missing,
                              const Deliver& batch, std::vector<Hole>& holes) const;
  std::optional<std::uint64_t> untold(const Stay<Stream>& stay) const;
  std::optional<Gap> stream_gap(Gap gap);
  std::optional<Gap> publisher_gap(Gap gap);

  std::vector<Place> places_;  ///< most recently used last
  std::uint32_t tags_ = 0;
  std::optional<Instant> since_;
  Stream first_stream_;
  RecentPublishers publishers_;
  /// Reported by a broker, while it is open what became of those before them: it judges by its own
  /// time, which may have begun after this reader's.
  PublisherRanges told_;
};

}  // namespace phyllo::internal
