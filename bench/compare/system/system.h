#pragma once

#include <sys/types.h>

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bench/compare/measure/sink.h"
#include "bench/compare/workload/workload.h"

namespace phyllo::bench {

/// A program's way to publish, by the system's own client library. One thread.
class Publisher {
 public:
  virtual ~Publisher() = default;
  /// May wait for room. Throws std::runtime_error when the system does not take it.
  virtual void publish(std::size_t topic, std::string_view message) = 0;
  /// Nothing else is due now: whatever the driver itself has collected goes out.
  virtual void pause() {}
  /// All is published; returns when the servers have it, as far as the system can tell.
  virtual void finish() = 0;
};

/// A program's subscriptions, by the system's own client library. Feeds its sink from
/// a thread of its own until it is destroyed.
class Subscriber {
 public:
  virtual ~Subscriber() = default;
  /// Whether servers answer the end of a subscription, in whatever way.
  enum class Farewell { kConfirmed, kUnanswered };
  /// Ends all its subscriptions, and waits for the servers' word where there is one. Throws
  /// std::runtime_error.
  virtual Farewell unsubscribe() = 0;
};

/// Servers that run, and how programs reach them. They are gone when the object is.
class Cluster {
 public:
  virtual ~Cluster() = default;
  virtual std::vector<pid_t> processes() const = 0;
  /// Called in the process of publisher `index`. Throws std::runtime_error.
  virtual std::unique_ptr<Publisher> publisher(std::size_t index) const = 0;
  /// Called in the process of subscriber `index`; returns when it is subscribed to `topics`, as far
  /// as the system can tell. Throws std::runtime_error.
  virtual std::unique_ptr<Subscriber> subscriber(std::size_t index, Topics topics,
                                                 Sink& sink) const = 0;
};

/// One of the systems that are compared.
class System {
 public:
  virtual ~System() = default;
  virtual std::string name() const = 0;
  /// Name and version of the servers, and how they are set up.
  virtual std::string description() const = 0;
  /// Why it cannot take part; nothing when it can.
  virtual std::optional<std::string> absence() const = 0;
  /// Starts its servers on free ports of the loopback interface with all files in `folder`. Throws
  /// std::runtime_error.
  virtual std::unique_ptr<Cluster> start(const Workload& workload,
                                         const std::filesystem::path& folder) const = 0;
};

/// All systems, also those that are absent; Phyllo first.
std::vector<std::unique_ptr<System>> all_systems();

/// "bench/t17", or with another separator.
std::string topic_name(std::size_t topic, char separator = '/');

}  // namespace phyllo::bench
