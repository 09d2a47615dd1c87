#pragma once

#include <map>

#include "base/time.h"
#include "multicast/deadlines.h"
#include "multicast/topic_id.h"

namespace phyllo::multicast {

/// Topics whose publishers wait a moment, since subscribers are behind: what is published to them
/// is not acknowledged until then. However many subscribers ask for it, and whatever other nodes
/// say, publishers get on.
class Holds {
 public:
  /// Another moment. False when it is not granted, or would hardly make a difference yet.
  bool extend(Time now, const TopicId& topic);
  bool holds(Time now, const TopicId& topic) const;
  /// Forgets what is over.
  void tick(Time now);
  Time next() const { return deadlines_.next(); }
  /// So long topics were held, all of them together.
  Duration total() const { return total_; }

 private:
  struct Entry {
    Time since;       ///< the first one
    Time until;       ///< the latest one
    Duration held{};  ///< all together
  };

  Duration total_{};
  std::map<TopicId, Entry> entries_;
  Deadlines<TopicId> deadlines_;  ///< when a moment ends, and then when nobody asked again for long
};

}  // namespace phyllo::multicast
