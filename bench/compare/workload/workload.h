#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace phyllo::bench {

/// What goes wrong while a workload runs.
enum class Trouble {
  kNone,
  kStoppedSubscriber,  ///< the first subscriber's process stands still for most of the time
};

/// Which topics subscribers subscribe to.
enum class Interest {
  kAll,  ///< each to all
  kOwn,  ///< each to as many of its own
};

/// What a family's workloads differ in, for its plot.
enum class Axis { kPayload, kRate, kSubscribers, kTopics };

/// Consecutive topics by their numbers.
struct Topics {
  std::size_t first = 0;
  std::size_t count = 0;
};

/// What every system is asked to do: one row of the comparison. Publisher i and subscriber i are
/// connected to server i modulo `servers`; publisher i publishes to the topics i, i + publishers,
/// …. Without publishers it is about what idle programs cost.
struct Workload {
  std::string name;  ///< of its family, e.g. "w1"
  std::string what;  ///< in a few words
  std::size_t servers = 1;
  std::size_t publishers = 1;
  std::size_t subscribers = 1;
  std::size_t topics = 1;
  std::size_t payload = 128;   ///< bytes, at least 16
  std::uint32_t rate = 0;      ///< messages a second of all publishers; 0: as fast as it goes
  std::size_t crowd = 1;       ///< subscribers that share one process
  std::size_t extra_time = 0;  ///< seconds beyond what other workloads run
  Trouble trouble = Trouble::kNone;
  Interest interest = Interest::kAll;
  std::size_t children_limit = 0;  ///< of a phyllo broker; 0: none. No other system has such trees
  /// Bytes that a phyllo publisher's queue holds; 0: the default, but less for very many
  /// subscribers
  std::size_t publisher_queue = 0;
  Axis axis = Axis::kPayload;

  bool idle() const { return publishers == 0; }
  Topics topics_of(std::size_t subscriber) const {
    return {interest == Interest::kOwn ? subscriber * topics : 0, topics};
  }
  bool paced() const { return rate > 0; }
  /// "w1 fan-out, 128 B", with the rate where there is one.
  std::string label() const;
};

/// The workloads that systems are compared by, in the order of the report.
const std::vector<Workload>& catalogue();
/// How the cost grows: families that differ in one thing only, over decades of it.
const std::vector<Workload>& growth();

/// Those of the family `name`; "all" are those of the catalogue, "growth" those of growth.
std::vector<Workload> chosen(std::string_view name);

}  // namespace phyllo::bench
