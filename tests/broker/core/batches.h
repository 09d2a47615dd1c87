#pragma once

#include <cstdint>
#include <string>

#include "base/batch_body.h"
#include "multicast/stream.h"

namespace phyllo::broker {

/// A batch of `count` messages of `size` bytes, with the publisher's numbers from `first` on.
inline multicast::Batch make_batch(multicast::PublisherId publisher, multicast::Sequence first,
                                   std::uint32_t count = 1, std::size_t size = 8) {
  BatchBodyWriter writer;
  for (std::uint32_t i = 0; i < count; ++i) writer.append(std::string(size, 'x'));
  return {publisher, first, count, writer.take()};
}

inline multicast::StreamId make_stream(std::uint32_t generation = 1) {
  return {overlay::NodeId(7), 1, generation};
}

/// A batch at place `first` of a stream; its publisher's numbers are the same.
inline multicast::StreamBatch make_stream_batch(multicast::Sequence first, std::uint32_t count = 1,
                                                std::size_t size = 8,
                                                std::uint32_t generation = 1) {
  return {make_stream(generation), first, make_batch(1, first, count, size)};
}

inline multicast::Gap make_gap(multicast::Sequence first, multicast::Sequence last,
                               multicast::Gap::Why why = multicast::Gap::Why::kMissed,
                               std::uint32_t generation = 1) {
  multicast::Gap gap;
  gap.why = why;
  gap.stream = make_stream(generation);
  gap.first = first;
  gap.last = last;
  return gap;
}

}  // namespace phyllo::broker
