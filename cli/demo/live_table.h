#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace phyllo::cli {

/// What a demo looks like at one moment.
struct DemoSnapshot {
  struct Region {
    std::string name;
    std::size_t brokers = 0;
    std::size_t subscribers = 0;
    double rate = 0;  ///< messages received per second
    std::uint64_t received = 0;
    std::uint64_t lost = 0;
    std::uint64_t gaps = 0;  ///< gap notices
  };
  struct Topic {
    std::string name;
    std::uint64_t published = 0;
    std::size_t subscribers = 0;
    double rate = 0;
    std::uint64_t lost = 0;
    std::string latest;  ///< the last payload
  };

  std::chrono::milliseconds elapsed{0};
  std::vector<Region> regions;
  std::vector<Topic> topics;
  std::vector<std::string> tree;     ///< a heading, then the lines of one topic's trees
  std::vector<std::string> borders;  ///< a heading, then what crosses from region to region
};

/// How much fits on the screen.
struct ScreenSize {
  std::size_t columns = 80;
  std::size_t rows = 24;
};

enum class Style { kPlain, kAnsi };

/// The snapshot as tables, no wider and no longer than the screen. Where there are too many topics
/// the last of their lines says how many more there are.
std::vector<std::string> live_table(const DemoSnapshot& snapshot, ScreenSize screen, Style style);

/// The snapshot as one line, for output that is not a terminal.
std::string progress_line(const DemoSnapshot& snapshot);

}  // namespace phyllo::cli
