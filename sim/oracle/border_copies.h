#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "sim/cluster/carried_batch.h"
#include "sim/cluster/cluster.h"
#include "sim/oracle/copy_count.h"
#include "sim/oracle/findings.h"

namespace phyllo::sim {

/// Reads what brokers send over the borders of regions, and counts the copies of each batch that
/// enter each region: that are sent to a broker there which runs. Regions have rings and trees of
/// their own.
class BorderCopies {
 public:
  /// The regions where programs ever subscribe to each topic.
  using Readers = std::map<std::string, std::set<std::string>>;

  BorderCopies(const Cluster& cluster, const Readers& readers);

  /// To be told of everything that the network's trace knows.
  void saw(const NetworkTrace::Record& record);

  /// What must hold at any time, whatever goes wrong: nothing enters a region where nobody ever
  /// subscribes, unless a relay passes it on, nor goes back to its publisher's. The first of what
  /// did not hold.
  const Findings& strays() const { return strays_; }
  /// Where nothing went wrong: batches that entered a region again, of those that first entered one
  /// at `since` or later.
  Findings repeats(Time since) const;
  /// Over borders, since it watches; of these so many again.
  std::uint64_t copies() const { return copies_; }
  std::uint64_t repeated() const { return repeated_; }

  /// What of a batch entered each region, by its place among the brokers' regions.
  std::map<std::size_t, std::uint64_t> into(const BatchName& batch) const;
  std::size_t region_number(const std::string& name) const;
  std::string describe(const BatchName& batch) const;

 private:
  using Copies = std::map<std::size_t, std::uint64_t>;
  struct Crossed {
    Time first;
    Copies into;
  };

  bool read_in(const multicast::TopicId& topic, std::size_t region) const;
  void stray(const NetworkTrace::Record& record, const BatchName& batch, const char* why);

  const Cluster& cluster_;
  std::map<multicast::TopicId, std::string> names_;
  std::map<multicast::TopicId, std::set<std::size_t>> readers_;
  std::map<BatchName, Crossed> batches_;  ///< as many as the run publishes
  std::uint64_t copies_ = 0;
  std::uint64_t repeated_ = 0;
  Findings strays_;
};

/// With nothing going on: every program publishes some batches, one after the other, on each topic
/// that it ever published or is subscribed to. Within `patience` each of them must have entered
/// each other region with subscribers of its topic once; and no other one, but for one copy that is
/// passed on where regions may relay.
Findings check_copies(Cluster& cluster, const BorderCopies& copies, Duration patience);

}  // namespace phyllo::sim
