#include "sim/experiment/seed_runner.h"

#include <algorithm>
#include <numeric>
#include <thread>
#include <utility>

namespace phyllo::sim {
namespace {

template <class T>
T sum(const std::vector<std::atomic<T>>& parts) {
  return std::accumulate(parts.begin(), parts.end(), T{},
                         [](T total, const std::atomic<T>& part) { return total + part.load(); });
}

}  // namespace

SeedProgress::SeedProgress(Whole& whole, std::size_t index, std::uint64_t seed)
    : whole_(whole), index_(index), seed_(seed) {}

void SeedProgress::may_abandon(EventQueue& queue) {
  abandonable_ = true;
  queue.look_up_with([this] { abandon_if_wanted(); });
}

void SeedProgress::abandon_if_wanted() const {
  if (abandonable_ && whole_.progress.stop_wanted()) throw Abandoned{};
}

void SeedProgress::next_world(double begin, double end) {
  begin_ = begin;
  end_ = end;
  events_before_ += std::exchange(events_here_, 0);
}

void SeedProgress::update(std::string_view phase, double done, const EventQueue& queue) {
  events_here_ = queue.events_run();
  whole_.done[index_] =
      std::clamp(begin_ + done * (end_ - begin_), whole_.done[index_].load(), 1.0);
  whole_.events[index_] = events_before_ + events_here_;
  std::string text(phase);
  if (whole_.done.size() > 1) text += ", seed " + std::to_string(seed_);
  const double part = sum(whole_.done) / static_cast<double>(whole_.done.size());
  whole_.progress.update({text, part, queue.now(), sum(whole_.events)});
  abandon_if_wanted();
}

void run_on_threads(std::size_t count, unsigned threads,
                    const std::function<void(std::size_t)>& run) {
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (std::size_t index = next++; index < count; index = next++) run(index);
  };
  const std::size_t extra = std::min<std::size_t>(threads, count) - (count > 0 ? 1 : 0);
  std::vector<std::jthread> others;
  for (std::size_t i = 0; i < extra; ++i) others.emplace_back(work);
  work();
}

}  // namespace phyllo::sim
