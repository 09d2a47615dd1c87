#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "cli/pace.h"
#include "cli/regions/border_matrix.h"
#include "phyllo/borders_info.h"

namespace phyllo::cli {

/// How fast borders are crossed now: what their brokers have counted since they were last asked.
/// What a broker has counted that started anew, or was silent before, is not taken for growth
/// within one look. Not thread-safe.
class BorderRates {
 public:
  using Moment = std::chrono::steady_clock::time_point;

  /// What brokers said `now`, into the borders of `matrix`; nothing there at the first look.
  void look(const std::vector<BordersInfo>& answers, Moment now, BorderMatrix& matrix);

 private:
  using Pair = std::pair<std::string, std::string>;
  struct Growth {
    std::uint64_t bytes = 0;  ///< by all brokers of the sending region, since the first look
    Pace pace;
  };

  std::map<std::tuple<std::string, std::string, std::string>, std::uint64_t> counts_;
  std::map<Pair, Growth> borders_;
  std::uint64_t looks_ = 0;
};

}  // namespace phyllo::cli
