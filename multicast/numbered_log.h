#pragma once

#include <cstdint>
#include <optional>

#include "base/boxed.h"
#include "base/publisher_ranges.h"
#include "multicast/publisher_log.h"

namespace phyllo::multicast {

/// What a root's stream has of each publisher. Another root of the publisher's, or another broker
/// that knew it, may bring late what the stream went past: that is not in it yet, however far it
/// got. Bounded as the logs that it consists of.
class NumberedLog {
 public:
  /// How many of the batch's messages need no number, from the first on; notes the others as
  /// numbered.
  std::uint32_t take(Time now, PublisherId publisher, Sequence first, std::uint32_t count);
  bool empty() const { return !book_; }

 private:
  struct Book {
    PublisherLog latest;
    PublisherRanges passed;  ///< not numbered, before what was
  };
  Boxed<Book> book_;  ///< none while nothing was numbered
};

}  // namespace phyllo::multicast
