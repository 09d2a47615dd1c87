#pragma once

#include <cstdint>
#include <vector>

#include "tests/multicast/grove.h"
#include "tests/multicast/oracle.h"

namespace phyllo::testing {

/// Every open subscription to the topic has been acknowledged.
bool live(const Grove& grove, const TopicName& topic);

/// Subscribes each of `members` and waits until all are live.
bool subscribe_all(Grove& grove, const std::vector<StationId>& members, const TopicName& topic);

/// The member that is neither root nor a leaf and has the most children; the root when there is
/// none.
StationId busiest_forwarder(const Grove& grove, const TopicName& topic);

/// Programs that publish to one topic at a steady rate, each always through the same member.
class Traffic {
 public:
  Traffic(Grove& grove, TopicName topic, std::size_t publishers, std::uint64_t first_publisher = 1);

  /// Lets time pass while they publish; whoever's member does not run is silent.
  void run_for(Duration duration, Duration interval = std::chrono::milliseconds(20));
  /// One more message of each, so that a loss at the end of the numbers can be seen.
  void once();

 private:
  struct Publisher {
    multicast::PublisherId id;
    StationId member;
  };
  Grove& grove_;
  TopicName topic_;
  std::vector<Publisher> publishers_;
};

/// All three judgements of the oracle.
Faults check_all(const Grove& grove, const TopicName& topic);

}  // namespace phyllo::testing
