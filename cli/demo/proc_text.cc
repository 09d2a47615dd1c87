#include "cli/demo/proc_text.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <span>

namespace phyllo::cli {
namespace {

/// The kernel counts disk sectors of 512 bytes, whatever the disk's own are.
constexpr std::uint64_t kSectorBytes = 512;

std::vector<std::string_view> split(std::string_view text, std::string_view separators) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t begin = text.find_first_not_of(separators);
    if (begin == std::string_view::npos) return parts;
    const std::size_t end = std::min(text.find_first_of(separators, begin), text.size());
    parts.push_back(text.substr(begin, end - begin));
    text.remove_prefix(end);
  }
}

std::vector<std::string_view> lines_of(std::string_view text) { return split(text, "\n"); }
std::vector<std::string_view> words_of(std::string_view line) { return split(line, " \t"); }

std::optional<std::uint64_t> number(std::string_view word) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (error != std::errc{} || end != word.data() + word.size()) return std::nullopt;
  return value;
}

/// All words as numbers; empty when one is not.
std::vector<std::uint64_t> numbers(std::span<const std::string_view> words) {
  std::vector<std::uint64_t> values;
  for (const std::string_view word : words) {
    const auto value = number(word);
    if (!value) return {};
    values.push_back(*value);
  }
  return values;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// The kernel calls partition 2 of sda "sda2", and that of nvme0n1 "nvme0n1p2".
bool is_partition(std::string_view name, std::string_view disk) {
  if (!name.starts_with(disk)) return false;
  name.remove_prefix(disk.size());
  if (is_digit(disk.back())) {
    if (!name.starts_with('p')) return false;
    name.remove_prefix(1);
  }
  return !name.empty() && std::ranges::all_of(name, is_digit);
}

}  // namespace

std::vector<CpuTimes> parse_stat(std::string_view text) {
  std::vector<CpuTimes> cpus;
  for (const std::string_view line : lines_of(text)) {
    const auto words = words_of(line);
    // The first line, "cpu" without a number, sums up the others.
    if (words.size() < 6 || !words[0].starts_with("cpu") || words[0].size() == 3) continue;
    // user nice system idle iowait irq softirq steal; guest times, after them, are part of user.
    const auto ticks =
        numbers(std::span(words).subspan(1, std::min<std::size_t>(8, words.size() - 1)));
    if (ticks.empty()) continue;
    CpuTimes cpu{.name = std::string(words[0].substr(3))};
    for (std::size_t i = 0; i < ticks.size(); ++i) {
      cpu.total += ticks[i];
      const bool idle = i == 3 || i == 4;
      if (!idle) cpu.busy += ticks[i];
    }
    cpus.push_back(std::move(cpu));
  }
  return cpus;
}

std::optional<MemoryUse> parse_meminfo(std::string_view text) {
  std::optional<std::uint64_t> total, available, dirty;
  for (const std::string_view line : lines_of(text)) {
    const auto words = words_of(line);
    if (words.size() != 3 || words[2] != "kB") continue;
    const auto kibibytes = number(words[1]);
    if (!kibibytes) continue;
    if (words[0] == "MemTotal:") total = *kibibytes * 1024;
    if (words[0] == "MemAvailable:") available = *kibibytes * 1024;
    if (words[0] == "Dirty:") dirty = *kibibytes * 1024;
  }
  if (!total || !available) return std::nullopt;
  return MemoryUse{*total, *available, dirty.value_or(0)};
}

std::vector<InterfaceCounters> parse_net_dev(std::string_view text) {
  std::vector<InterfaceCounters> interfaces;
  for (const std::string_view line : lines_of(text)) {
    // The counters may follow the colon without a space. The two heading lines have no colon.
    const std::size_t colon = line.rfind(':');
    if (colon == std::string_view::npos) continue;
    const auto name = words_of(line.substr(0, colon));
    const auto words = words_of(line.substr(colon + 1));
    const auto counters = numbers(words);
    if (name.size() != 1 || counters.size() < 16) continue;
    interfaces.push_back(
        {std::string(name[0]), counters[0], counters[1], counters[8], counters[9]});
  }
  return interfaces;
}

std::vector<DiskCounters> parse_diskstats(std::string_view text) {
  std::vector<DiskCounters> disks;
  for (const std::string_view line : lines_of(text)) {
    const auto words = words_of(line);
    if (words.size() < 10) continue;
    const std::string_view name = words[2];
    if (name.starts_with("loop") || name.starts_with("ram")) continue;
    const auto holds_it = [name](const DiskCounters& disk) {
      return is_partition(name, disk.name);
    };
    if (std::ranges::any_of(disks, holds_it)) continue;
    // reads merged sectors ms, then the same four for writes.
    const auto counters = numbers(std::span(words).subspan(3, 7));
    if (counters.empty()) continue;
    disks.push_back({std::string(name), counters[0], counters[2] * kSectorBytes, counters[4],
                     counters[6] * kSectorBytes});
  }
  return disks;
}

}  // namespace phyllo::cli
