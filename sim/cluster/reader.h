#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "base/publisher_ranges.h"
#include "base/time.h"
#include "multicast/stream.h"

namespace phyllo::sim {

/// What one subscription of a program makes of what its brokers send, as the SDK does: what is new,
/// what came before, and what is missing and was told by nobody. Takes a broker's word for the
/// numbers of streams: those that it leaves out came before, under others.
class Reader {
 public:
  Reader(Time since, const multicast::StreamPosition& position);

  /// Gaps come first.
  struct Reading {
    std::vector<multicast::Gap> missed;  ///< of its publisher's numbers
    std::optional<multicast::StreamBatch> fresh;
  };
  Reading read(Time now, const multicast::StreamBatch& batch);
  /// The broker's gap without what came or was told before.
  std::optional<multicast::Gap> read(const multicast::Gap& gap);

  /// In the stream that was read last.
  const multicast::StreamPosition& next() const { return places_.back().next; }

 private:
  struct Place {
    multicast::StreamPosition next;
    std::uint64_t lost = 0;  ///< numbers, told so far
  };
  struct Heard {
    multicast::Sequence last = 0;
    multicast::StreamId stream;  ///< of its last message
    std::uint64_t lost = 0;      ///< of that stream's numbers, until then
  };
  /// Moves it to the end.
  Place& place(const multicast::StreamId& stream, multicast::Sequence if_new);
  /// What of the publisher's numbers before `until` is missing.
  void judge(Time now, const multicast::StreamBatch& batch, multicast::Sequence until,
             const Heard* heard, std::vector<multicast::Gap>& missed) const;
  std::optional<std::uint64_t> untold(const multicast::Stay& stay) const;

  Time since_;
  multicast::StreamId first_stream_;
  std::vector<Place> places_;
  std::map<multicast::PublisherId, Heard> heard_;
  /// Reported by a broker, while it is open what became of those before them: it judges by its own
  /// time, which may have begun after this reader's.
  PublisherRanges told_;
};

}  // namespace phyllo::sim
