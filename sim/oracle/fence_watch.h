#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "sim/cluster/cluster.h"
#include "sim/oracle/findings.h"

namespace phyllo::sim {

/// Reads what brokers send, for the sake of topics that must stay inside some regions: nothing that
/// names one, by its name or its id, may reach a broker outside or come from there.
class FenceWatch {
 public:
  /// Of `topics` it looks for those that the brokers' rules fence.
  FenceWatch(const Cluster& cluster, const std::vector<std::string>& topics);

  /// To be told of everything that the network's trace knows.
  void saw(const NetworkTrace::Record& record);
  /// What was outside; the first of them.
  const Findings& findings() const { return findings_; }

  struct Count {
    std::uint64_t frames = 0;
    std::uint64_t bytes = 0;
    bool operator==(const Count&) const = default;
  };
  /// What brokers of `from` sent to brokers of `to` that names the topic.
  Count between(const std::string& topic, const std::string& from, const std::string& to) const;

 private:
  struct Topic {
    std::string name;
    std::string id;
    std::map<std::string, bool> inside;  ///< regions
    std::map<std::pair<std::string, std::string>, Count> counts;
  };

  const Cluster& cluster_;
  std::vector<Topic> topics_;
  Findings findings_;
};

}  // namespace phyllo::sim
