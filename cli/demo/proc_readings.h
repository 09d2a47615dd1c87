#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "cli/demo/proc_text.h"

namespace phyllo::cli {

/// One source's present value, ready to be published.
struct Reading {
  std::string topic;  ///< e.g. "host/cpu/0"
  std::string json;   ///< one object on one line
};

/// The texts that one round of readings is made from.
struct ProcTexts {
  std::string stat;
  std::string meminfo;
  std::string net_dev;
  std::string diskstats;
};

/// Reads the four files of this machine. One that cannot be read is an empty text: no readings.
ProcTexts read_proc();

/// Turns the kernel's ever-growing counters into readings: a share for processors, rates per second
/// for network and disks. A source's first reading has zero rates. Not thread-safe.
class ProcReadings {
 public:
  /// One reading per source, in the kernel's order. `passed` is the time since the last call.
  std::vector<Reading> next(const ProcTexts& texts, std::chrono::duration<double> passed);

 private:
  /// Growth of the counter called `name` since the last call; 0 at first and after a reset.
  double growth(const std::string& name, std::uint64_t value);

  void add_cpus(const ProcTexts& texts, std::vector<Reading>& out);
  void add_memory(const ProcTexts& texts, std::vector<Reading>& out);
  void add_network(const ProcTexts& texts, double seconds, std::vector<Reading>& out);
  void add_disks(const ProcTexts& texts, double seconds, std::vector<Reading>& out);

  std::map<std::string, std::uint64_t> last_;
};

}  // namespace phyllo::cli
