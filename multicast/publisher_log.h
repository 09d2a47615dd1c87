#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <optional>
#include <unordered_map>

#include "base/boxed.h"
#include "base/time.h"
#include "multicast/stream.h"

namespace phyllo::multicast {

/// Up to which number each publisher of a topic has been seen. Bounded: whoever was silent longest
/// is forgotten first, and everybody after `kIdle`; a forgotten publisher is a stranger
/// again, whose stays say what was missed.
class PublisherLog {
 public:
  static constexpr std::size_t kCapacity = 4096;
  static constexpr Duration kIdle = std::chrono::minutes(10);

  /// Where the reader was in its own story: what it has told of streams until then.
  struct Mark {
    std::uint32_t tag = 0;       ///< of the stream it was reading
    std::uint64_t lost = 0;      ///< numbers of that stream that will not come
    std::uint64_t unlinked = 0;  ///< streams that began without a word on how the last one ended
    bool operator==(const Mark&) const = default;
  };

  /// What the batch `first` … `first + count − 1` is to a reader that has seen what this log says.
  struct Entry {
    bool known = false;      ///< seen before at all, and not forgotten
    std::uint32_t seen = 0;  ///< so many of its messages, from the first on, were seen before
    /// Numbers between the last one seen and `first`, when there are any.
    std::optional<std::pair<Sequence, Sequence>> missing;
    /// The mark given when the publisher was last seen; of no meaning for a new one.
    Mark mark;
    Time heard{};  ///< when it was last seen; the same
  };

  /// Notes the batch as seen, with the reader's `mark`.
  Entry note(Time now, PublisherId publisher, Sequence first, std::uint32_t count,
             const Mark& mark);
  std::size_t size() const { return book_ ? book_->order.size() : only_ ? 1 : 0; }

 private:
  struct Known {
    PublisherId publisher;
    Sequence last;
    Mark mark;
    Time heard;
  };
  struct Book {
    std::list<Known> order;  ///< heard longest ago first
    std::unordered_map<PublisherId, std::list<Known>::iterator> known;
  };
  Known* find(Time now, PublisherId publisher);
  void add(const Known& known);
  static void add(Book& book, const Known& known);
  static void forget(Book& book, Time now);

  /// Most topics have one publisher: as long as there is no other, there is no book.
  std::optional<Known> only_;
  Boxed<Book> book_;
};

}  // namespace phyllo::multicast
