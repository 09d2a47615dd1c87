#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "multicast/stream.h"
#include "sim/scenario/delays.h"
#include "sim/scenario/scenario.h"

namespace phyllo::sim {

/// What happened to the subscribers from one mishap until the next, or until the end.
struct Aftermath {
  std::string mishap;
  Duration at{};                 ///< since measuring began
  std::size_t interrupted = 0;   ///< subscriptions that heard nothing for unusually long
  std::size_t still_silent = 0;  ///< of these, when the time was over
  Duration recovered{};          ///< from the mishap until the last of the others heard again
  Duration longest_silence{};
  std::uint64_t missed = 0;    ///< messages, counted at each subscription that did not get them
  std::uint64_t reported = 0;  ///< messages that brokers reported as gaps
};

/// Counts what the subscriptions of a scenario hear, and how long they hear nothing.
class Measurement {
 public:
  /// Deliveries over time are counted in so many stretches.
  static constexpr std::size_t kStretches = 120;

  struct OfTopic {
    std::uint64_t published = 0;
    std::uint64_t delivered = 0;
    Delays delays;
  };

  explicit Measurement(const Scenario& scenario);

  std::size_t add_subscription(std::size_t topic);
  /// What is published from now on, until `end`, counts.
  void begin(Time now, Time end);
  /// From now on it is this mishap's time.
  void struck(Time now, const std::string& mishap);
  /// No silence counts from now on; messages that were published in time still do.
  void finish(Time now);

  void published(std::size_t topic, Time when);
  void delivered(Time now, std::size_t subscription, multicast::PublisherId publisher,
                 multicast::Sequence number, Time sent);
  void gap(Time now, std::uint64_t messages);

  const std::vector<OfTopic>& topics() const { return topics_; }
  const std::vector<Aftermath>& aftermaths() const { return aftermaths_; }
  const std::vector<std::uint64_t>& deliveries_over_time() const { return over_time_; }

 private:
  struct Reception {
    std::size_t topic;
    std::map<multicast::PublisherId, multicast::Sequence> latest = {};
    Time last{};
    Duration usual{};  ///< the longest it heard nothing before the first mishap
    // Since the latest mishap:
    bool interrupted = false;
    Duration longest{};
    Time resumed{};
  };

  Duration tolerated(const Reception& reception) const;
  void close_aftermath(Time now);
  bool watching() const { return !aftermaths_.empty() && !finished_; }

  const Scenario& scenario_;
  Time begin_ = kNever;
  Time end_ = kNever;
  bool finished_ = false;
  std::vector<Reception> receptions_;
  std::vector<OfTopic> topics_;
  std::vector<Aftermath> aftermaths_;
  std::vector<std::uint64_t> over_time_ = std::vector<std::uint64_t>(kStretches);
};

}  // namespace phyllo::sim
