#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/experiment/runs.h"
#include "sim/network/event_queue.h"
#include "sim/report/progress.h"

namespace phyllo::sim {

/// What one seed's run tells on the way; passed on as its part of the whole experiment.
class SeedProgress {
 public:
  /// Shared by the runs of one experiment; each writes its own place.
  struct Whole {
    Progress& progress;
    std::vector<std::atomic<double>> done;  ///< of each seed, 0 … 1
    std::vector<std::atomic<std::uint64_t>> events;
  };

  /// Nobody waits any more for what the run would find.
  struct Abandoned {};

  SeedProgress(Whole& whole, std::size_t index, std::uint64_t seed);

  /// Once the experiment should stop, running the events of this queue, and any update, throw
  /// Abandoned, which `run_seeds` expects. A run that has something to show of a beginning does not
  /// call this, and asks by itself whether to stop. This outlives the queue.
  void may_abandon(EventQueue& queue);

  /// A run may consist of several worlds, each with a queue of its own: what follows is the part of
  /// this seed's run from `begin` to `end`, 0 … 1. At first it is the whole.
  void next_world(double begin, double end);
  /// `done` is the part of this world, 0 … 1; less than before is not believed.
  void update(std::string_view phase, double done, const EventQueue& queue);

 private:
  void abandon_if_wanted() const;

  Whole& whole_;
  std::size_t index_;
  std::uint64_t seed_;
  double begin_ = 0;
  double end_ = 1;
  std::uint64_t events_before_ = 0;
  std::uint64_t events_here_ = 0;
  bool abandonable_ = false;
};

/// Calls `run` with each index below `count`, on up to `threads` threads, the caller's among them.
void run_on_threads(std::size_t count, unsigned threads,
                    const std::function<void(std::size_t)>& run);

/// One run for each seed, several at a time; the outcomes in the order of the seeds. `run` must
/// depend on nothing but its seed. Once `progress` wants to stop no further run is begun but the
/// first, and runs may be abandoned: then there are outcomes of the first seeds only, maybe of none
/// (`seeds_run` says of which).
template <class Found>
std::vector<Found> run_seeds(const Runs& runs, Progress& progress,
                             const std::function<Found(std::uint64_t, SeedProgress&)>& run) {
  const std::size_t count = runs.seeds.size();
  SeedProgress::Whole whole{progress, std::vector<std::atomic<double>>(count),
                            std::vector<std::atomic<std::uint64_t>>(count)};
  std::vector<std::optional<Found>> found(count);
  run_on_threads(count, runs.threads, [&](std::size_t index) {
    if (index > 0 && progress.stop_wanted()) return;
    SeedProgress mine(whole, index, runs.seeds[index]);
    try {
      found[index] = run(runs.seeds[index], mine);
    } catch (const SeedProgress::Abandoned&) {
    }
  });
  std::vector<Found> all;
  for (auto& one : found) {
    if (!one) break;
    all.push_back(std::move(*one));
  }
  return all;
}

/// The seeds whose outcomes these are.
template <class Found>
std::vector<std::uint64_t> seeds_run(const Runs& runs, const std::vector<Found>& outcomes) {
  return {runs.seeds.begin(), runs.seeds.begin() + static_cast<std::ptrdiff_t>(outcomes.size())};
}

}  // namespace phyllo::sim
