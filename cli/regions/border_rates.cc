#include "cli/regions/border_rates.h"

namespace phyllo::cli {

void BorderRates::look(const std::vector<BordersInfo>& answers, Moment now, BorderMatrix& matrix) {
  for (const BordersInfo& answer : answers) {
    for (const BorderInfo& border : answer.borders) {
      if (border.from != answer.region) continue;  // the other end's view of what was counted here
      const std::uint64_t bytes = border.data_bytes + border.control_bytes;
      const auto [count, first] = counts_.try_emplace({answer.node_id, border.from, border.to});
      Growth& growth = borders_[{border.from, border.to}];
      if (!first && bytes > count->second) growth.bytes += bytes - count->second;
      count->second = bytes;
    }
  }
  const bool first = looks_++ == 0;
  for (BorderMatrix::Border& border : matrix.borders) {
    const auto found = borders_.find({border.from, border.to});
    if (found == borders_.end()) continue;
    const double rate = found->second.pace.per_second(found->second.bytes, now);
    if (!first) border.now_per_second = rate;
  }
}

}  // namespace phyllo::cli
