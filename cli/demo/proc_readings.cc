#include "cli/demo/proc_readings.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string_view>
#include <utility>

namespace phyllo::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string read_file(const char* path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::int64_t per_second(double growth, double seconds) {
  return std::llround(growth / std::max(seconds, 0.001));
}

/// A level of a topic name holds no '/', wildcard or control character; kernel names rarely do.
std::string as_level(std::string name) {
  const auto unfit = [](char c) {
    return c <= ' ' || c == 0x7f || std::string_view("/*#+").find(c) != std::string_view::npos;
  };
  std::ranges::replace_if(name, unfit, '_');
  return name;
}

}  // namespace

ProcTexts read_proc() {
  return {read_file("/proc/stat"), read_file("/proc/meminfo"), read_file("/proc/net/dev"),
          read_file("/proc/diskstats")};
}

std::vector<Reading> ProcReadings::next(const ProcTexts& texts,
                                        std::chrono::duration<double> passed) {
  std::vector<Reading> readings;
  add_cpus(texts, readings);
  add_memory(texts, readings);
  add_network(texts, passed.count(), readings);
  add_disks(texts, passed.count(), readings);
  return readings;
}

double ProcReadings::growth(const std::string& name, std::uint64_t value) {
  const auto [entry, first] = last_.try_emplace(name, value);
  const std::uint64_t before = std::exchange(entry->second, value);
  return first || value < before ? 0.0 : static_cast<double>(value - before);
}

void ProcReadings::add_cpus(const ProcTexts& texts, std::vector<Reading>& out) {
  for (const CpuTimes& cpu : parse_stat(texts.stat)) {
    const double busy = growth("cpu/busy/" + cpu.name, cpu.busy);
    const double total = growth("cpu/total/" + cpu.name, cpu.total);
    const double percent = total > 0 ? std::round(1000 * busy / total) / 10 : 0.0;
    out.push_back({"host/cpu/" + as_level(cpu.name), Json{{"busy_percent", percent}}.dump()});
  }
}

void ProcReadings::add_memory(const ProcTexts& texts, std::vector<Reading>& out) {
  const auto memory = parse_meminfo(texts.meminfo);
  if (!memory) return;
  const Json json{{"total_bytes", memory->total},
                  {"available_bytes", memory->available},
                  {"dirty_bytes", memory->dirty}};
  out.push_back({"host/memory", json.dump()});
}

void ProcReadings::add_network(const ProcTexts& texts, double seconds, std::vector<Reading>& out) {
  for (const InterfaceCounters& link : parse_net_dev(texts.net_dev)) {
    const double received = growth("net/received/" + link.name, link.received_bytes);
    const double sent = growth("net/sent/" + link.name, link.sent_bytes);
    const Json json{{"received_bytes_per_second", per_second(received, seconds)},
                    {"sent_bytes_per_second", per_second(sent, seconds)},
                    {"received_packets", link.received_packets},
                    {"sent_packets", link.sent_packets}};
    out.push_back({"host/network/" + as_level(link.name), json.dump()});
  }
}

void ProcReadings::add_disks(const ProcTexts& texts, double seconds, std::vector<Reading>& out) {
  for (const DiskCounters& disk : parse_diskstats(texts.diskstats)) {
    const double read = growth("disk/read/" + disk.name, disk.read_bytes);
    const double written = growth("disk/written/" + disk.name, disk.written_bytes);
    const Json json{{"read_bytes_per_second", per_second(read, seconds)},
                    {"written_bytes_per_second", per_second(written, seconds)},
                    {"reads", disk.reads},
                    {"writes", disk.writes}};
    out.push_back({"host/disk/" + as_level(disk.name), json.dump()});
  }
}

}  // namespace phyllo::cli
