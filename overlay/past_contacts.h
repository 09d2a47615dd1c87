#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "base/time.h"
#include "overlay/contact.h"
#include "overlay/messages.h"

namespace phyllo::overlay {

/// Peers that are gone, the latest `kLimit` of them: in which life each was last seen, which of
/// them fell silent lately (told to others with every probe), and which one to try again, so that
/// two halves of a ring find each other when the network between them is mended.
class PastContacts {
 public:
  static constexpr std::size_t kLimit = 64;
  enum class Cause { kSilent, kLeft };

  /// `heal`: how soon somebody whom others still count on is tried again; it doubles three times.
  explicit PastContacts(Duration heal) : heal_(heal) {}

  void add(const Contact& contact, Cause cause, Time now);
  /// It lives; false when it was not among them.
  bool remove(NodeId id);
  /// nullptr for somebody who is not among them.
  const Contact* find(NodeId id) const;
  /// Those that fell silent after `since`, the latest first.
  std::vector<Departed> silent_since(Time since) const;
  /// Others say that it is there. Who was gone for so long that they should know better is tried.
  std::optional<Contact> claimed(NodeId id, Time now);
  /// The silent one that was tried least, the latest first.
  std::optional<Contact> take_next();

 private:
  struct Entry {
    Contact contact;
    Cause cause;
    Time gone;
    Time claims_count_from;
    Duration backoff;
    int tries;
  };

  Duration heal_;
  std::vector<Entry> entries_;  // oldest first
};

}  // namespace phyllo::overlay
