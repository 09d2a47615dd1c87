#include "sim/swarm/shrink.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/check.h"

namespace phyllo::sim {
namespace {

class Shrinker {
 public:
  Shrinker(const SwarmCase& failing, const SwarmOptions& options, std::size_t most_runs,
           const std::function<void(std::size_t)>& progress)
      : options_{options.invariants, {}}, most_runs_(most_runs), progress_(progress) {
    auto violation = run(failing);
    PHYLLO_CHECK(violation.has_value());
    best_.emplace(Shrunk{failing, std::move(*violation), 1});
  }

  Shrunk shrink() {
    std::size_t parts = 2;
    while (best_->runs < most_runs_ && size() > 0) {
      parts = std::min(parts, size());
      if (without_some_part(parts)) {
        parts = std::max<std::size_t>(parts - 1, 2);
      } else if (parts == size()) {
        break;  // each single step is needed
      } else {
        parts *= 2;
      }
    }
    return std::move(*best_);
  }

 private:
  std::size_t size() const { return best_->swarm.steps.size(); }
  std::optional<Violation> run(const SwarmCase& swarm) const {
    return run_swarm(swarm, options_).violation;
  }

  /// Whether one of so many equal parts can be done without; it is gone then.
  bool without_some_part(std::size_t parts) {
    for (std::size_t part = 0; part < parts && best_->runs < most_runs_; ++part) {
      const auto border = [&](std::size_t number) {
        return best_->swarm.steps.begin() + static_cast<std::ptrdiff_t>(size() * number / parts);
      };
      SwarmCase smaller = best_->swarm;
      smaller.steps.assign(best_->swarm.steps.begin(), border(part));
      smaller.steps.insert(smaller.steps.end(), border(part + 1), best_->swarm.steps.end());
      ++best_->runs;
      auto violation = run(smaller);
      if (!violation || violation->rule != best_->violation.rule) continue;
      best_->swarm = std::move(smaller);
      best_->violation = std::move(*violation);
      if (progress_) progress_(size());
      return true;
    }
    return false;
  }

  const SwarmOptions options_;
  const std::size_t most_runs_;
  const std::function<void(std::size_t)>& progress_;
  std::optional<Shrunk> best_;
};

}  // namespace

Shrunk shrink(const SwarmCase& failing, const SwarmOptions& options, std::size_t most_runs,
              const std::function<void(std::size_t)>& progress) {
  return Shrinker(failing, options, most_runs, progress).shrink();
}

}  // namespace phyllo::sim
