#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <phyllo/client.h>

namespace phyllo::test {

/// A program with one subscription to a topic that a single publisher publishes to. Writes down
/// what it sees and judges it: nothing twice, in the publisher's order, and no hole without a gap
/// notice in its place that covers it.
class Witness {
 public:
  /// Connects to the brokers in this order and subscribes; `live()` says whether that worked.
  Witness(std::string name, std::vector<std::string> brokers, const std::string& topic);

  bool live() const { return subscription_.status().ok(); }
  /// The highest of the publisher's numbers received so far.
  std::uint64_t last() const;
  std::uint64_t received() const;
  /// Messages reported as lost, and those of them that were not missing after all.
  std::uint64_t reported() const;
  std::uint64_t overreported() const;
  /// What was wrong, one line each, at most a few.
  std::vector<std::string> complaints() const;
  /// The node id of the broker it is connected to; empty: none now.
  std::string broker() const;

 private:
  void see(const Message& message);
  void see(const Gap& gap);
  void complain(std::string what);

  std::string name_;
  mutable std::mutex mutex_;
  std::uint64_t last_ = 0;
  std::uint64_t received_ = 0;
  /// Covered by the gap notices since the last message, by what their numbers count.
  struct Announced {
    std::uint64_t stream = 0;
    std::uint64_t publisher = 0;
  } announced_;
  std::uint64_t reported_ = 0;
  std::uint64_t overreported_ = 0;
  std::vector<std::string> complaints_;
  Client client_;
  Subscription subscription_;
};

}  // namespace phyllo::test
