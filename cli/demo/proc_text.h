#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace phyllo::cli {

/// What the kernel's text files under /proc say (see proc(5)). The functions are pure: text in,
/// numbers out. A line that does not look as documented is skipped; nothing here fails.

/// One processor's time since boot, in clock ticks, from /proc/stat.
struct CpuTimes {
  std::string name;  ///< as after "cpu", e.g. "0"
  std::uint64_t busy = 0;
  std::uint64_t total = 0;
};
std::vector<CpuTimes> parse_stat(std::string_view text);

/// From /proc/meminfo, in bytes.
struct MemoryUse {
  std::uint64_t total = 0;
  std::uint64_t available = 0;
  std::uint64_t dirty = 0;
};
/// Nothing unless both the total and the available memory are there.
std::optional<MemoryUse> parse_meminfo(std::string_view text);

/// One network interface since boot, from /proc/net/dev.
struct InterfaceCounters {
  std::string name;
  std::uint64_t received_bytes = 0;
  std::uint64_t received_packets = 0;
  std::uint64_t sent_bytes = 0;
  std::uint64_t sent_packets = 0;
};
std::vector<InterfaceCounters> parse_net_dev(std::string_view text);

/// One disk since boot, from /proc/diskstats. Partitions are left out where their disk is listed
/// before them, and so are loop and RAM devices.
struct DiskCounters {
  std::string name;
  std::uint64_t reads = 0;
  std::uint64_t read_bytes = 0;
  std::uint64_t writes = 0;
  std::uint64_t written_bytes = 0;
};
std::vector<DiskCounters> parse_diskstats(std::string_view text);

}  // namespace phyllo::cli
