#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "phyllo/gap.h"
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
/// missing, from the numbers alone. Two numberings are watched: the stream's (complete within one
/// stream) and each publisher's (survives a change of root). A hole in a publisher's numbers is not
/// told again when a hole of the same stream explains it. Bounded: kStreams streams and
/// RecentPublishers. Not thread-safe.
class StreamTracker {
 public:
  static constexpr std::size_t kStreams = 8;

  /// What to do with a batch: first report `holes`, then hand on all but the first `skip` messages.
  struct Verdict {
    std::optional<Hole> stream_hole;
    std::optional<Hole> publisher_hole;
    std::uint32_t skip = 0;
  };
  Verdict deliver(const Deliver& batch);

  /// The broker says where this subscription stands; a hole since the last connection, if any.
  std::optional<Hole> resume(const Position& position);

  Reach reach(const Position& position) const;

  /// A broker's gap, cut to what was neither received nor reported before; nothing left: nullopt.
  /// `before`: a hole in front of it that the broker did not mention.
  struct Reported {
    std::optional<Hole> before;
    std::optional<Gap> gap;
  };
  Reported gap(Gap gap);

 private:
  struct Place {
    Stream stream;
    std::uint64_t next = 1;
    std::uint32_t tag = 0;
    std::uint32_t epoch = 0;  ///< holes in this stream so far
  };
  Place* find(const Stream& stream);
  Place& add(const Stream& stream, std::uint64_t next);
  std::optional<Hole> follow_publisher(const Deliver& batch, const Place& place, Verdict& verdict);
  Reported stream_gap(Gap gap);
  Reported publisher_gap(Gap gap);

  std::vector<Place> places_;  ///< most recently used last
  std::uint32_t tags_ = 0;
  RecentPublishers publishers_;
};

}  // namespace phyllo::internal
