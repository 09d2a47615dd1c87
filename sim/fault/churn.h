#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "base/result.h"
#include "base/time.h"

namespace phyllo::sim {

/// Who comes and goes when, in order of time. A node that comes a second time is the same one in a
/// later life.
struct ChurnTrace {
  enum class What { kUp, kDown };
  struct Event {
    Duration at;  ///< since the beginning
    std::uint32_t node;
    What what;
    bool operator==(const Event&) const = default;
  };

  std::uint32_t nodes = 0;    ///< they are numbered below this
  std::vector<Event> events;  ///< of each node up, down, up, … by turns
};

/// `nodes` nodes are up at the beginning; from then on nodes come as a Poisson process and stay for
/// exponentially distributed sessions, so that about `nodes` are up at any time. Each newcomer is
/// a node of its own.
ChurnTrace poisson_churn(std::size_t nodes, Duration mean_session, Duration length, Random& random);

/// Reads lines of `seconds node up|down`, fields parted by blanks or one comma, `#` to the end of
/// the line for people. `node` is any word without blanks. Errors begin with `file:line:`: a line
/// that is malformed, earlier than the one before, or brings up or down who is so already.
Result<ChurnTrace> parse_churn(std::string_view text, const std::string& file);
Result<ChurnTrace> read_churn(const std::string& file);

}  // namespace phyllo::sim
