#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <utility>

#include "base/boxed.h"
#include "multicast/messages.h"
#include "overlay/contact.h"

namespace phyllo::multicast {

/// At a root: which batches of which publishing broker have been taken. A broker numbers the
/// batches of one attempt from 0; only the next one is taken, so that no publisher's order breaks.
/// Bounded: the broker that was silent longest is forgotten and has to begin a new attempt.
class PublishWindow {
 public:
  static constexpr std::size_t kCapacity = 4096;

  enum class Verdict { kNext, kSeen, kHole };

  /// Takes the batch when it is the next one.
  Verdict offer(overlay::NodeId from, Attempt attempt, std::uint64_t index);
  /// The stream ends that took them: whatever is under way begins anew with the next one, so that
  /// what one attempt brought is in one stream.
  void close();
  bool empty() const { return !only_ && !book_; }
  /// How many batches of the attempt were taken.
  std::uint64_t taken(overlay::NodeId from, Attempt attempt) const;

 private:
  struct Source {
    Attempt attempt = 0;
    std::uint64_t taken = 0;
    bool closed = false;
  };
  struct Listed : Source {
    std::list<overlay::NodeId>::iterator place;
  };
  struct Book {
    std::map<overlay::NodeId, Listed> sources;
    std::list<overlay::NodeId> order;  ///< heard longest ago first
  };
  const Source* find(overlay::NodeId from) const;
  /// The one of this broker, made when there is none; from now on the one heard last.
  Source& source(overlay::NodeId from);
  static Source& source(Book& book, overlay::NodeId from);

  /// None while nothing was published. Most topics are published to through one broker: as long as
  /// there is no other, there is no book.
  Boxed<std::pair<overlay::NodeId, Source>> only_;
  Boxed<Book> book_;
};

}  // namespace phyllo::multicast
