#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/demo/broker_fleet.h"
#include "cli/demo/cluster_watch.h"
#include "cli/demo/demo_monitor.h"
#include "cli/demo/live_screen.h"
#include "cli/demo/proc_readings.h"
#include "cli/demo/stations.h"
#include "cli/exit_status.h"
#include "cli/stop_signals.h"

namespace phyllo::cli {

struct DemoOptions {
  FleetPlaces places;
  std::chrono::milliseconds length{0};  ///< 0: until Ctrl-C
};

/// The demo from the first broker's start to the last one's exit: brokers of several regions on
/// this host, this machine's readings as input, a subscriber of every topic at every broker, and
/// books that prove that nothing was lost. Progress goes to stdout, complaints to stderr. Runs
/// once.
class DemoRun {
 public:
  DemoRun(DemoOptions options, StopSignals& signals);

  /// kOk only if nothing was lost or came twice and every broker ended well.
  ExitStatus run();

 private:
  using Clock = std::chrono::steady_clock;

  Status prepare();
  Status play();
  void publish_readings(Clock::time_point now);
  DemoSnapshot look(Clock::time_point now, const ClusterWatch::View& view);
  void show_progress(Clock::time_point now);
  Status settle();
  Status stop();
  ExitStatus conclude(const Status& played, const Status& stopped) const;
  void print_books() const;
  bool given_up();

  const DemoOptions options_;
  StopSignals& signals_;
  BrokerFleet fleet_;
  ProcReadings readings_;
  std::unique_ptr<DemoMonitor> monitor_;
  std::unique_ptr<Stations> stations_;
  std::unique_ptr<ClusterWatch> watch_;
  std::optional<LiveScreen> screen_;
  std::map<std::string, Publisher> publishers_;  ///< by topic
  std::uint64_t publisher_id_ = 0;
  std::size_t subscriptions_ = 0;
  std::string drawn_topic_;  ///< whose trees are shown
  Clock::time_point began_{};
  Clock::time_point last_readings_{};
};

}  // namespace phyllo::cli
