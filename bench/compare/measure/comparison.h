#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "bench/compare/measure/run.h"
#include "bench/compare/system/system.h"
#include "bench/compare/workload/workload.h"

namespace phyllo::bench {

/// How much is measured.
struct Effort {
  std::size_t rounds = 5;  ///< each runs every system once: A B C, A B C, …
  std::chrono::milliseconds duration{2000};
};

/// What all systems did with one workload.
struct Comparison {
  struct Series {
    std::string system;
    std::vector<Outcome> outcomes;  ///< by round
  };
  Workload workload;
  std::vector<Series> series;
  Effort effort = {};
  std::string measured = {};  ///< when and of which sources; empty: just now
};

/// Told before each run.
using Tell = std::function<void(std::string_view what)>;

/// Runs the systems in turn, so that whatever else the machine does hits all of them alike. Their
/// files are in a temporary folder that is gone afterwards.
Comparison compare(const std::vector<const System*>& systems, const Workload& workload,
                   const Effort& effort, const Tell& tell);

}  // namespace phyllo::bench
