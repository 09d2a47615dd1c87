#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "base/time.h"
#include "overlay/contact.h"
#include "overlay/messages.h"

namespace phyllo::overlay {

/// Peers that are gone, the latest `kLimit` of them: in which life each was last seen, which of
/// them fell silent lately (told to others with every probe), and which one to try again now, so
/// that two halves of a ring find each other when the network between them is mended.
class PastContacts {
 public:
  static constexpr std::size_t kLimit = 64;
  enum class Cause { kSilent, kLeft };

  /// `heal` is the shortest interval between two tries of one contact; it doubles three times.
  explicit PastContacts(Duration heal) : heal_(heal) {}

  void add(const Contact& contact, Cause cause, Time now);
  /// It lives; false when it was not among them.
  bool remove(NodeId id);
  /// nullptr for somebody who is not among them.
  const Contact* find(NodeId id) const;
  /// Those that fell silent after `since`, the latest first.
  std::vector<Departed> silent_since(Time since) const;
  /// Somebody to try now, if it is anybody's turn; the next try of it comes later.
  std::optional<Contact> take_due(Time now);
  Time next_due() const;

 private:
  struct Entry {
    Contact contact;
    Cause cause;
    Time gone;
    Time retry;
    Duration backoff;
  };

  Duration heal_;
  std::vector<Entry> entries_;  // oldest first
};

}  // namespace phyllo::overlay
